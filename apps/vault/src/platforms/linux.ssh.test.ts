import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { createHost, type HostKey, makeSshKey, publicKeyOf } from '@gatehouse/host';
import { Secret } from '@gatehouse/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Account, noOpenSsh, type OpenSsh, startOpenSsh } from '../../../../test/servers/openssh/server.ts';
import {
  type By,
  linuxPassword,
  type ManagedAccount,
  type ManagedSystem,
  newSshKey,
  type Proof,
  sshKey,
} from './index.ts';

const reason = noOpenSsh();

const planted = (name: string) => `planted-${name}-${randomBytes(6).toString('hex')}`;
const make = (name: string, more: Partial<Account> = {}): Account => ({ name, password: planted(name), ...more });
const ada = make('ada');
const kim = make('kim', { offers: 'keyboard-interactive' });
const stale = make('stale');
const staler = make('staler', { offers: 'keyboard-interactive' });
const managed = make('managed');
const gone = make('gone');
const slow = make('slow');
const super1 = make('super1', { isRoot: true });
const helper = make('helper', { maySudo: true });
const keyed = make('keyed', { offers: 'publickey' });

const password = (text: string): Proof => ({ kind: 'password', password: new Secret(text) });
const at = ({ name }: { name: string }): ManagedAccount => ({ namespace: '[Linux]', name, instance: '' });
const self = (proof: Proof): By => ({ kind: 'self', proof });
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );

describe.skipIf(reason !== null)(`on Linux${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let server: OpenSsh;
  let lab: ManagedSystem;
  const lines: unknown[] = [];
  const faults: unknown[] = [];
  const host = createHost({ signal: new AbortController().signal, log: (line) => lines.push(line) });
  const context = { host };
  beforeAll(async () => {
    server = await startOpenSsh([ada, kim, stale, staler, managed, gone, slow, super1, helper, keyed]);
    const { address, port, hostKeys } = server;
    lab = { name: 'Lab', address, port, trust: { kind: 'host-key', fingerprints: [hostKeys.ed25519] } };
  });
  afterAll(() => server?.stop());

  const verifies = (of: Account, text: string) => linuxPassword.verify(lab, at(of), password(text), context);
  const changes = async (of: Account, by: By, next: string) => {
    const fault = await failure(linuxPassword.change(lab, at(of), by, password(next), context));
    faults.push(fault);
    return fault;
  };
  const done = { value: undefined };

  describe('a password', () => {
    test('is right or wrong, and nothing else is called wrong', async () => {
      for (const of of [ada, kim]) {
        expect(await verifies(of, of.password)).toBe(true);
        expect(await verifies(of, planted('wrong'))).toBe(false);
      }
      await server.asRoot(`usermod -e 1990-01-01 ${gone.name}`);
      expect(await failure(verifies(gone, gone.password))).toMatchObject({ kind: 'forbidden', problem: 'account' });
      const elsewhere: ManagedSystem = { ...lab, port: 1 };
      const unreachable = linuxPassword.verify(elsewhere, at(ada), password(ada.password), context);
      expect(await failure(unreachable)).toMatchObject({ kind: 'unreachable' });
    });

    test('is not sent to another host, and a change there was surely not made', async () => {
      const other = publicKeyOf((await makeSshKey('ed25519')).privateKey, null);
      const before = server.log().length;
      const trust = { kind: 'host-key', fingerprints: [`${other.type} ${other.fingerprint}`] } as const;
      const work = linuxPassword.change(
        { ...lab, trust },
        at(ada),
        self(password(ada.password)),
        password('x1'),
        context,
      );
      expect(await failure(work)).toMatchObject({ kind: 'misconfigured', outcome: 'not-made' });
      expect(server.log().slice(before)).not.toContain(ada.name);
      const seen: HostKey[] = [];
      const keep = (key: HostKey) => void seen.push(key);
      const firstUse: ManagedSystem = { ...lab, trust: { kind: 'first-use', isTrusted: () => true, keep } };
      expect(await linuxPassword.verify(firstUse, at(ada), password(planted('wrong')), context)).toBe(false);
      expect(seen).toEqual([]);
      expect(await linuxPassword.verify(firstUse, at(ada), password(ada.password), context)).toBe(true);
      expect(seen[0]?.fingerprint).toBe(server.hostKeys.ed25519.split(' ')[1]);
    });

    test('is changed by the account itself; the old one is refused afterwards', async () => {
      for (const of of [ada, kim]) {
        const next = planted('next');
        expect(await changes(of, self(password(of.password)), next)).toEqual(done);
        expect(await verifies(of, next)).toBe(true);
        expect(await verifies(of, of.password)).toBe(false);
        expect(await changes(of, self(password(next)), of.password)).toMatchObject(done);
      }
    });

    test('stays as it was when the new one is against the policy, and the reason is told', async () => {
      const refused = await changes(ada, self(password(ada.password)), 'short1!');
      expect(refused).toMatchObject({ kind: 'misconfigured', outcome: 'not-made', refused: 'next' });
      expect(String(refused)).toMatch(/longer password/);
      expect(await verifies(ada, ada.password)).toBe(true);
    });

    test('is not changed by whoever does not know it', async () => {
      const refused = await changes(ada, self(password(planted('wrong'))), planted('next'));
      expect(refused).toMatchObject({ kind: 'unauthorized', outcome: 'not-made', refused: 'by' });
      expect(await verifies(ada, ada.password)).toBe(true);
    });

    test('that has expired is told apart, and is changed all the same', async () => {
      await server.asRoot(`chage -d 0 ${stale.name}; chage -d 0 ${staler.name}`);
      for (const of of [stale, staler]) {
        expect(await failure(verifies(of, of.password))).toMatchObject({ kind: 'forbidden' });
        expect(await changes(of, self(password(of.password)), 'short1!')).toMatchObject({
          ...{ outcome: 'not-made', refused: 'next' },
        });
        const next = planted('next');
        expect(await changes(of, self(password(of.password)), next)).toEqual(done);
        expect(await verifies(of, next)).toBe(true);
        expect(await verifies(of, of.password)).toBe(false);
      }
    });

    test('is set by root, and through sudo by a login account that may', async () => {
      for (const login of [super1, helper]) {
        const by: By = { kind: 'login', account: at(login), proof: password(login.password), current: null };
        const next = planted('next');
        expect(await changes(managed, by, next)).toEqual(done);
        expect(await verifies(managed, next)).toBe(true);
        const again = await changes(managed, by, next);
        expect(again).toMatchObject({ outcome: 'not-made', refused: 'next' });
        expect(await verifies(managed, next)).toBe(true);
        expect(await changes(make('nobody-here'), by, planted('next'))).toMatchObject({ outcome: 'not-made' });
      }
      const plain: By = { kind: 'login', account: at(ada), proof: password(ada.password), current: null };
      expect(await changes(managed, plain, planted('next'))).toMatchObject({
        ...{ kind: 'forbidden', outcome: 'not-made', refused: 'by' },
      });
    });

    test('may be either when the connection is cut in the middle, and is in nobody’s sight meanwhile', async () => {
      await server.asRoot(`cp /etc/pam.d/passwd /etc/pam.d/passwd.kept
        echo 'password optional pam_exec.so /usr/bin/sleep 20' >> /etc/pam.d/passwd`);
      const next = planted('next');
      const work = changes(slow, self(password(slow.password)), next);
      await expect.poll(() => server.asRoot('pgrep -fc "[s]leep 20" || true'), { timeout: 10_000 }).toBe('1\n');
      const seen = await server.asRoot(
        `cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null; cat /home/*/.*history 2>/dev/null || true`,
      );
      await server.asRoot(`pkill -KILL -f "[s]shd: ${slow.name}"`);
      expect(await work).toMatchObject({ kind: 'unreachable', outcome: 'unknown' });
      expect(await verifies(slow, next)).toBe(true);
      await server.asRoot('mv /etc/pam.d/passwd.kept /etc/pam.d/passwd');
      expect(seen).toContain('passwd');
      expect(seen).not.toContain('planted-');
    });
  });

  describe('a key', () => {
    const by = (proof: Proof) => self(proof);
    const file = `/home/${keyed.name}/.ssh/authorized_keys`;
    const keysNow = () => server.asRoot(`cat ${file}`);
    const lineOf = async (proof: Proof) => {
      if (proof.kind !== 'ssh-key') throw new Error('no key');
      const { type, base64 } = publicKeyOf(proof.privateKey, proof.passphrase);
      return `${type} ${base64}`;
    };

    test('is added beside the old one, with its options, and replaces it once it was verified', async () => {
      const [first, next, other] = [await newSshKey('ed25519'), await newSshKey('ed25519'), await newSshKey('ed25519')];
      const before = `# kept\nno-pty,from="127.0.0.0/8" ${await lineOf(first)} of ada\n\n${await lineOf(other)} other`;
      await server.asRoot(
        `mkdir -p -m 700 $(dirname ${file}); cat > ${file}; chown -R ${keyed.name}: $(dirname ${file})`,
        before,
      );
      expect(await sshKey.verify(lab, at(keyed), first, context)).toBe(true);
      expect(await sshKey.verify(lab, at(keyed), next, context)).toBe(false);
      for (let i = 0; i < 2; i++) await sshKey.change(lab, at(keyed), by(first), next, context);
      expect(await sshKey.verify(lab, at(keyed), first, context)).toBe(true);
      expect(await sshKey.verify(lab, at(keyed), next, context)).toBe(true);
      for (let i = 0; i < 2; i++) await sshKey.finish?.(lab, at(keyed), next, first, context);
      expect(await keysNow()).toBe(
        `# kept\n\n${await lineOf(other)} other\nno-pty,from="127.0.0.0/8" ${await lineOf(next)} of ada\n`,
      );
      expect(await sshKey.verify(lab, at(keyed), first, context)).toBe(false);
      expect(await sshKey.verify(lab, at(keyed), other, context)).toBe(true);
      expect(await server.asRoot(`ls -A $(dirname ${file})`)).toBe('authorized_keys\n');
      expect((await server.asRoot(`stat -c '%U %a' ${file}`)).trim()).toBe(`${keyed.name} 600`);
      // The old one stays where the new one is not.
      const stranger = await newSshKey('ed25519');
      await server.asRoot(`printf '%s\\n' '${await lineOf(stranger)}' >> ${file}`);
      await server.asRoot(`sed -i '/of ada/d' ${file}`);
      const late = failure(sshKey.finish?.(lab, at(keyed), next, other, context) ?? Promise.resolve());
      expect(await late).toMatchObject({ kind: 'unauthorized' });
    });

    test('is added for another account by root, and is not where the account has a link', async () => {
      const next = await newSshKey('ed25519');
      const login: By = { kind: 'login', account: at(super1), proof: password(super1.password), current: null };
      await sshKey.change(lab, at(keyed), login, next, context);
      expect(await sshKey.verify(lab, at(keyed), next, context)).toBe(true);
      await server.asRoot(`mv ${file} ${file}.real; ln -s ${file}.real ${file}`);
      const refused = failure(sshKey.change(lab, at(keyed), login, await newSshKey('ed25519'), context));
      expect(await refused).toMatchObject({ kind: 'misconfigured', outcome: 'not-made' });
    });
  });

  test('hostile names of accounts reach no system', async () => {
    const connections = () => server.log().match(/^Connection from/gm)?.length;
    const before = connections();
    for (const name of ['', '-l', 'a b', "a'b", 'a;id', 'a\nb', '$(id)', 'a:b', '../a', 'a'.repeat(33)])
      for (const platform of [linuxPassword, sshKey]) {
        const proof = platform === sshKey ? await newSshKey('ed25519') : password('planted-x');
        expect(await failure(platform.verify(lab, at({ name }), proof, context))).toMatchObject({
          kind: 'misconfigured',
        });
        const login: By = { kind: 'login', account: at(helper), proof: password(helper.password), current: null };
        const change = platform.change(lab, at({ name }), login, proof, context);
        expect(await failure(change)).toMatchObject({ kind: 'misconfigured', outcome: 'not-made' });
      }
    for (const next of ['a\nroot:planted', '\u0003planted', '']) {
      const login: By = { kind: 'login', account: at(helper), proof: password(helper.password), current: null };
      expect(await changes(managed, login, next)).toMatchObject({ kind: 'misconfigured', outcome: 'not-made' });
    }
    expect(connections()).toBe(before);
  });

  test('no secret is in a fault, a log line, or the log of the host', () => {
    const written = `${inspect([faults, lines], { depth: 10 })}${JSON.stringify(faults)}${server.log()}`;
    expect(faults.length).toBeGreaterThan(10);
    expect(written).not.toMatch(/planted-/);
  });
});
