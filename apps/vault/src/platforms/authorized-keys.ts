import type { SshPublicKey } from '@gatehouse/host';
import { quoted } from './ssh-systems.ts';

/**
 * Shell scripts for `~/.ssh/authorized_keys`. The file is written anew beside the old one and put in its place in one
 * step, so there is no moment without keys; other keys, their options and comments stay as they are.
 */
const begin = `
set -eu
umask 077
cd
mkdir -p .ssh
keys=.ssh/authorized_keys
[ -L "$keys" ] && exit 4
next=$(mktemp .ssh/.authorized_keys.XXXXXX)
trap 'rm -f "$next"' EXIT
[ -e "$keys" ] || : > "$keys"
`;
const end = `
mv -f "$next" "$keys"
trap - EXIT
`;

/** The file is a link, which somebody else's tool keeps: replacing it would end that. */
export const isLink = 4;
/** The new key is not in the file any more, so the old one stays. */
export const isMissing = 5;

/**
 * Adds a key. Where the previous one is there, the new one takes over its options (`from=`, `command=`) and comment:
 * without them it would open more than the old one did.
 */
export const addKey = (next: SshPublicKey, previous: SshPublicKey | null): string => `${begin}
if grep -qF -- ${quoted(next.base64)} "$keys"; then exit 0; fi
awk -v old=${quoted(previous === null ? 'none' : `${previous.type} ${previous.base64}`)} -v new=${quoted(`${next.type} ${next.base64}`)} '
  { print }
  !/^[ \\t]*#/ && !done { at = index($0, old); if (at > 0) { line = substr($0, 1, at - 1) new substr($0, at + length(old)); done = 1 } }
  END { if (done) print line; else print new }
' "$keys" > "$next"
${end}`;

/** Removes a key, but only while the other one is there. */
export const removeKey = (previous: SshPublicKey, next: SshPublicKey): string => `${begin}
grep -v '^[ \\t]*#' "$keys" | grep -qF -- ${quoted(next.base64)} || exit ${isMissing}
awk -v old=${quoted(previous.base64)} '/^[ \\t]*#/ || index($0, old) == 0' "$keys" > "$next"
${end}`;
