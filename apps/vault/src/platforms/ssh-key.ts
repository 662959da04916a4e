import { makeSshKey, publicKeyOf, type Ssh, type SshPublicKey } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { addKey, isLink, isMissing, removeKey } from './authorized-keys.ts';
import { ChangeFault, changing, refusedBy } from './change-fault.ts';
import type { ManagedAccount, ManagedSystem, Platform, Proof } from './platform.ts';
import { signsIn } from './proofs.ts';
import { checkUnixAccount, letsIn, quoted, withSsh } from './ssh-systems.ts';

/**
 * A key of an account, in its `~/.ssh/authorized_keys`. `change` adds the new public key beside the old one, `finish`
 * removes the old one; in between both open the account. Private keys never leave this process. A server that reads keys
 * from elsewhere (`AuthorizedKeysFile`, `AuthorizedKeysCommand`) does not take them, and `verify` says so.
 */
export const sshKey: Platform = {
  id: 'ssh-key',
  title: 'SSH key',
  proof: 'ssh-key',
  checkAccount: checkUnixAccount,

  async verify(system, account, proof, context) {
    checkUnixAccount(account);
    return letsIn(system, account, keyOf(proof), context, async () => undefined);
  },

  change: (system, account, by, next, context) =>
    changing(async (sending) => {
      checkUnixAccount(account);
      const present = by.kind === 'self' ? by.proof : by.current;
      const previous = present?.kind === 'ssh-key' ? publicOf(present) : null;
      const script = addKey(publicOf(keyOf(next)), previous);
      const login = signsIn(account, by);
      checkUnixAccount(login.account);
      await withSsh(system, login.account, login.proof, context, async (ssh) => {
        sending();
        await run(ssh, system, script, by.kind === 'self' ? null : account);
      });
    }),

  async finish(system, account, next, previous, context) {
    checkUnixAccount(account);
    const [keep, remove] = [publicOf(keyOf(next)), publicOf(keyOf(previous))];
    if (keep.base64 === remove.base64) return;
    await withSsh(system, account, next, context, (ssh) => run(ssh, system, removeKey(remove, keep), null));
  },
};

/** A new key for an account. */
export const newSshKey = async (algorithm: 'ed25519' | 'rsa'): Promise<Proof> => {
  const { privateKey } = await makeSshKey(algorithm);
  return { kind: 'ssh-key', privateKey, passphrase: null };
};

type KeyProof = Extract<Proof, { kind: 'ssh-key' }>;

const keyOf = (proof: Proof): KeyProof => {
  if (proof.kind === 'ssh-key') return proof;
  throw new Fault('misconfigured', 'This platform takes a key, not a password.');
};

const publicOf = ({ privateKey, passphrase }: KeyProof): SshPublicKey => publicKeyOf(privateKey, passphrase);

/** As the account that is signed in, or as another one, which takes root or sudo. */
const run = async (ssh: Ssh, system: ManagedSystem, script: string, as: ManagedAccount | null): Promise<void> => {
  const command =
    as === null
      ? `exec sh -c ${quoted(script)}`
      : `exec sh -c ${quoted(`if [ "$(id -u)" = 0 ]; then exec su -s /bin/sh ${as.name} -c "$0"; else exec sudo -n -H -u ${as.name} sh -c "$0"; fi`)} ${quoted(script)}`;
  const { code, stderr } = await ssh.exec(command, { timeoutMs: 60_000, maxBytes: 64 * 1024 });
  if (code === 0) return;
  const detail = `authorized_keys: ${code} ${stderr.slice(0, 500)}`;
  if (code === isLink)
    throw notMade(
      `${system.name} keeps the account's keys in a file that is a link. Make it a file of the account.`,
      detail,
    );
  if (code === isMissing)
    throw notMade(`The new key is not at ${system.name} any more, so the old one was left there.`, detail);
  if (/sudo/.test(stderr))
    throw refusedBy(
      'forbidden',
      `The login account may not act for the account at ${system.name}. Allow it that through sudo, without a password.`,
      detail,
    );
  if (code === null) throw new Fault('unexpected', `${system.name} ended the change of the key.`, detail);
  throw notMade(
    `${system.name} did not let the account's keys be written. Its home must be there and its own.`,
    detail,
  );
};

/** The old file is there until the last step, which is the one that ends well. */
const notMade = (advice: string, detail: string) =>
  new ChangeFault('not-made', new Fault('misconfigured', advice, detail));
