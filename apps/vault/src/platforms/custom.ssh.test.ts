import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { createHost } from '@gatehouse/host';
import { Secret } from '@gatehouse/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Account, noOpenSsh, type OpenSsh, startOpenSsh } from '../../../../test/servers/openssh/server.ts';
import { type By, CustomTemplate, custom, type ManagedAccount, type ManagedSystem, type Proof } from './index.ts';

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
    const template = CustomTemplate.parse({
      title: 'Radio',
      // A device that keeps its passwords in files, and takes none that is short.
      verify: 'read -r is; [ -e {account}.radio ] || exit 9; [ "$is" = "$(cat {account}.radio)" ] || exit 1',
      change:
        'read -r is; read -r next; case "$next" in ????????????*) ;; *) echo "too short: $next"; exit 1;; esac; printf %s "$next" > {account}.radio; [ {account} != broken ] || exit 3; [ {account} != stuck ] || sleep 30',
    });
    const radio = custom(template, { account: at(login.name), proof: password(login.password) });
    const faults: unknown[] = [];
    const context = { host: createHost({ signal: new AbortController().signal }) };
    let server: OpenSsh;
    let lab: ManagedSystem;
    beforeAll(async () => {
      server = await startOpenSsh([login]);
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

    test('templates and names that are none are refused, and no secret is in a fault', async () => {
      for (const change of [
        'passwd',
        'set {account} {password}',
        'a {account}\nb',
        '',
        `x {account}${'y'.repeat(4_000)}`,
      ])
        expect(CustomTemplate.safeParse({ ...template, change }).success).toBe(false);
      for (const name of ["a'; id; '", '-a', '$(id)', 'a b', ''])
        expect(await changes(name, planted(), planted())).toMatchObject({ kind: 'misconfigured', outcome: 'not-made' });
      expect(await changes('one', planted(), 'a\nb')).toMatchObject({ kind: 'misconfigured', outcome: 'not-made' });
      expect(inspect(faults, { depth: 10 }) + JSON.stringify(faults) + server.log()).not.toContain('planted-');
    });
  },
);
