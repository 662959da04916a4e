import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { createHost } from '@gatehouse/host';
import { Secret } from '@gatehouse/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Account, noOpenSsh, type OpenSsh, startOpenSsh } from '../../../../test/servers/openssh/server.ts';
import { CustomPlatformInput } from '../api/custom-platforms.ts';
import { type By, custom, type ManagedAccount, type ManagedSystem, type Proof } from './index.ts';

const reason = noOpenSsh();
const planted = () => `planted-${randomBytes(6).toString('hex')}`;
const password = (text: string): Proof => ({ kind: 'password', password: new Secret(text) });
const at = (name: string): ManagedAccount => ({ namespace: '', name, instance: '' });
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );

describe.skipIf(reason !== null)(
  `by commands of an administrator${reason === null ? '' : ` (skipped: ${reason})`}`,
  () => {
    const login: Account = { name: 'keeper', password: planted() };
    const own: Account = { name: 'radio', password: planted() };
    const parse = (rules: object) => CustomPlatformInput.parse({ name: 'Radio', rules }).rules;
    const commands = {
      how: 'commands',
      // A device that keeps its passwords in files, and takes none that is short.
      verify: 'read -r is; [ -e {account}.radio ] || exit 9; [ "$is" = "$(cat {account}.radio)" ] || exit 1',
      change:
        'read -r is; read -r next; case "$next" in ????????????*) ;; *) echo "too short: $next"; exit 1;; esac; printf %s "$next" > {account}.radio; [ {account} != broken ] || exit 3; [ {account} != stuck ] || sleep 30',
    };
    const keeper = { account: at(login.name), proof: password(login.password) };
    const radio = custom('Radio', parse(commands), keeper);
    /** What a device that knows no commands asks on its terminal. */
    const asking = parse({
      how: 'dialogue',
      verify: {
        steps: [
          { expect: '', send: './console {account}' },
          { expect: 'old password:', send: '{password}' },
          { expect: 'new password:', send: '' },
        ],
        succeeded: 'nothing changed',
        refused: 'not accepted',
      },
      change: {
        steps: [
          { expect: '', send: './console {account}' },
          { expect: 'OLD password:', send: '{password}' },
          { expect: 'New password:', send: '{next}' },
        ],
        succeeded: 'password set',
        refused: 'not accepted',
      },
    });
    const device = custom('Device', asking, keeper);
    const faults: unknown[] = [];
    const context = { host: createHost({ signal: new AbortController().signal }) };
    let server: OpenSsh;
    let lab: ManagedSystem;
    beforeAll(async () => {
      server = await startOpenSsh([login, own]);
      for (const { name } of [login, own])
        await server.asRoot(`cat > ~${name}/console && chmod 755 ~${name}/console`, console);
      const { address, port, hostKeys } = server;
      lab = { name: 'Lab', address, port, trust: { kind: 'host-key', fingerprints: [hostKeys.ed25519] } };
    });
    afterAll(() => server?.stop());

    const verifies = (name: string, text: string) => radio.verify(lab, at(name), password(text), context);
    const changes = async (name: string, text: string, next: string) => {
      const by: By = { kind: 'self', proof: password(text) };
      const fault = await failure(radio.change(lab, at(name), by, password(next), context));
      faults.push(fault);
      return fault;
    };

    test('a password is verified and changed, and what a code says is kept apart', async () => {
      const [first, second] = [planted(), planted()];
      expect(await failure(verifies('one', first))).toMatchObject({ kind: 'unexpected' });
      expect(await changes('one', '', first)).toMatchObject({ outcome: 'not-made', kind: 'misconfigured' });
      expect(await changes('one', 'unknown', first)).toEqual({ value: undefined });
      expect(await verifies('one', first)).toBe(true);
      expect(await verifies('one', second)).toBe(false);
      expect(await changes('one', first, second)).toEqual({ value: undefined });
      expect(await verifies('one', second)).toBe(true);
      expect(await changes('one', second, 'planted-x')).toMatchObject({ outcome: 'not-made', refused: 'next' });
      expect(String(faults.at(-1))).toContain('too short');
      expect(await verifies('one', second)).toBe(true);
      expect(await changes('broken', second, first)).toMatchObject({ kind: 'unexpected', outcome: 'unknown' });
    });

    test('a command that is cut off leaves open what it did, and shows its secrets to nobody', async () => {
      const next = planted();
      const work = changes('stuck', planted(), next);
      await expect.poll(() => server.asRoot('pgrep -fc "[s]leep 30" || true')).not.toBe('0\n');
      const seen = await server.asRoot('cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null || true');
      await server.asRoot(`pkill -KILL -f "[s]shd: ${login.name}"`);
      expect(await work).toMatchObject({ kind: 'unreachable', outcome: 'unknown' });
      expect(await verifies('stuck', next).catch(inspect)).toBe(true);
      expect(seen).not.toContain('planted-');
    });

    test('a dialogue on a terminal verifies and changes, and a refusal is told from a silence', async () => {
      const [first, second] = [planted(), planted()];
      const verify = (text: string) => device.verify(lab, at('two'), password(text), context);
      const change = async (name: string, text: string, next: string) => {
        const by: By = { kind: 'self', proof: password(text) };
        const fault = await failure(device.change(lab, at(name), by, password(next), context));
        faults.push(fault);
        return fault;
      };
      await server.asRoot(`printf %s ${first} > ~keeper/two.radio; chown keeper ~keeper/two.radio`);
      expect(await verify(first)).toBe(true);
      expect(await verify(second)).toBe(false);
      expect(await change('two', second, first)).toMatchObject({ outcome: 'not-made', kind: 'misconfigured' });
      expect(await change('two', first, second)).toEqual({ value: undefined });
      expect(await verify(second)).toBe(true);
      expect(await change('two', second, 'planted-x')).toMatchObject({ outcome: 'not-made', refused: 'next' });
      expect(String(faults.at(-1))).toContain('Too short: [secret]');
      // It ends before it says how that went.
      expect(await change('mute', second, first)).toMatchObject({ outcome: 'unknown' });
      expect(await change('gone', second, first)).toMatchObject({ outcome: 'not-made' });
      expect(inspect(faults, { depth: 10 })).not.toContain('planted-');
    });

    test('without a login account each account signs in for itself', async () => {
      const mine = custom('Device', asking, null);
      const bySigningIn = custom('Device', { ...asking, verify: null }, null);
      await server.asRoot(`printf %s ${own.password} > ~radio/radio.radio; chown radio ~radio/radio.radio`);
      for (const one of [mine, bySigningIn]) {
        expect(await one.verify(lab, at(own.name), password(own.password), context)).toBe(true);
        expect(await one.verify(lab, at(own.name), password(planted()), context)).toBe(false);
      }
      const by: By = { kind: 'self', proof: password(own.password) };
      const next = planted();
      await mine.change(lab, at(own.name), by, password(next), context);
      expect(await server.asRoot('cat ~radio/radio.radio')).toBe(next);
      const wrong: By = { kind: 'self', proof: password(planted()) };
      expect(await failure(mine.change(lab, at(own.name), wrong, password(next), context))).toMatchObject({
        ...{ outcome: 'not-made', refused: 'by' },
      });
    });

    test('rules and names that are none are refused, and no secret is in a fault', async () => {
      for (const change of [
        'passwd',
        'set {account} {password}',
        'a {account}\nb',
        '',
        `x {account}${'y'.repeat(4_000)}`,
      ])
        expect(() => parse({ ...commands, change })).toThrow();
      for (const steps of [[], [{ expect: '', send: '{password}' }], [{ expect: '', send: '{next} {secret}' }]])
        expect(() => parse({ ...asking, change: { steps, succeeded: 'ok', refused: '' } })).toThrow();
      for (const name of ["a'; id; '", '-a', '$(id)', 'a b', ''])
        expect(await changes(name, planted(), planted())).toMatchObject({ kind: 'misconfigured', outcome: 'not-made' });
      expect(await changes('one', planted(), 'a\nb')).toMatchObject({ kind: 'misconfigured', outcome: 'not-made' });
      expect(inspect(faults, { depth: 10 }) + JSON.stringify(faults) + server.log()).not.toContain('planted-');
    });
  },
);

/** Of a device: it keeps passwords in files, asks for the old one and the new one, and takes none that is short. */
const console = `#!/bin/sh
[ "$1" = gone ] && { kill -9 $PPID; exit; }
stty -echo
printf 'Old password: '; read -r old; echo
printf 'New password: '; read -r new; echo
[ "$1" = mute ] && { kill -9 $PPID; exit; }
[ "$old" = "$(cat "$1.radio")" ] || { echo 'Not accepted.'; exit 1; }
[ -n "$new" ] || { echo 'Nothing changed.'; exit 0; }
case "$new" in ????????????*) ;; *) echo "Too short: $new. Not accepted."; exit 1;; esac
printf %s "$new" > "$1.radio"; echo 'Password set.'
`;
