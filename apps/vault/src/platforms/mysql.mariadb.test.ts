import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { inspect } from 'node:util';
import { createHost } from '@gatehouse/host';
import { Secret } from '@gatehouse/kernel';
import { type Connection, createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MariaDb, noMariaDb, startMariaDb } from '../../../../test/servers/mariadb/server.ts';
import { type By, type ManagedAccount, type ManagedSystem, mysql, type Proof } from './index.ts';

const reason = noMariaDb();
const planted = () => `planted-${randomBytes(9).toString('base64url')}`;
const password = (text: string): Proof => ({ kind: 'password', password: new Secret(text) });
const at = (name: string): ManagedAccount => ({ namespace: '', name, instance: '' });
const self = (text: string): By => ({ kind: 'self', proof: password(text) });
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );
const done = { value: undefined };

describe.skipIf(reason !== null)(`in MariaDB${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let server: MariaDb;
  let lab: ManagedSystem;
  let root: Connection;
  let login: By;
  const faults: unknown[] = [];
  const context = { host: createHost({ signal: new AbortController().signal }) };
  beforeAll(async () => {
    server = await startMariaDb();
    const { name, address, port, ca } = server;
    lab = { name: 'Lab', address: name, port, addresses: [address], trust: { kind: 'certificate', authorities: ca } };
    root = await createConnection({ host: address, port, user: 'root', password: server.password });
    login = { kind: 'login', account: at('root'), proof: password(server.password), current: null };
  });
  afterAll(async () => {
    await root?.end();
    await server?.stop();
  });

  const made = async (name: string) => {
    const text = planted();
    const [user = '', host = '%'] = name.split('@');
    await root.query(`create user '${user}'@'${host}' identified by password '${hashOf(text)}'`);
    return { account: at(name), text };
  };
  const verifies = (account: ManagedAccount, text: string, system = lab) =>
    mysql.verify(system, account, password(text), context);
  const changes = async (account: ManagedAccount, by: By, next: string, system = lab) => {
    const fault = await failure(mysql.change(system, account, by, password(next), context));
    faults.push(fault);
    return fault;
  };

  test('a password is right or wrong, and locked and expired accounts are told apart', async () => {
    const { account, text } = await made('v_right');
    expect(await verifies(account, text)).toBe(true);
    expect(await verifies(account, planted())).toBe(false);
    expect(await verifies(account, text, { ...lab, addresses: ['127.0.0.1'], trust: { kind: 'unencrypted' } })).toBe(
      true,
    );
    await root.query(`alter user 'v_right'@'%' account lock`);
    expect(String(await failure(verifies(account, text)))).toMatch(/forbidden: .*locked/);
    await root.query(`alter user 'v_right'@'%' account unlock password expire`);
    expect(String(await failure(verifies(account, text)))).toMatch(/forbidden: .*expired/);
    const next = planted();
    expect(await changes(account, self(text), next)).toEqual(done);
    expect(await verifies(account, next)).toBe(true);
    expect(await failure(verifies(account, text, { ...lab, port: 1 }))).toMatchObject({ kind: 'unreachable' });
    expect(await failure(verifies({ ...account, instance: 'nowhere' }, next))).toMatchObject({ kind: 'forbidden' });
  });

  test('an account changes its own password, and a login account that of others by user and host part', async () => {
    const { account, text } = await made('v_app');
    const narrow = await made('v_app@10.0.0.%');
    const [second, third] = [planted(), planted()];
    expect(await changes(account, self(text), second)).toEqual(done);
    expect(await verifies(account, second)).toBe(true);
    expect(await verifies(account, text)).toBe(false);
    expect(await changes(account, login, third)).toEqual(done);
    expect(await verifies(at('v_app@%'), third)).toBe(true);
    const kept = () =>
      root.query<never[]>(`show create user 'v_app'@'10.0.0.%'`).then(([rows]) => JSON.stringify(rows));
    expect(await kept()).toContain(hashOf(narrow.text));
    expect(await changes(narrow.account, login, second)).toEqual(done);
    expect(await kept()).toContain(hashOf(second));
    expect(await verifies(account, third)).toBe(true);
    // Let in, but as another account than the one that was meant.
    expect(await failure(verifies(at('v_app@localhost'), third))).toMatchObject({ kind: 'misconfigured' });
    const plain: By = { kind: 'login', account, proof: password(third), current: null };
    expect(await changes(narrow.account, plain, planted())).toMatchObject({
      kind: 'forbidden',
      outcome: 'not-made',
      refused: 'by',
    });
    expect(await changes(account, self(text), planted())).toMatchObject({ outcome: 'not-made', refused: 'by' });
    expect(await changes(at('v_nobody'), login, planted())).toMatchObject({
      kind: 'misconfigured',
      outcome: 'not-made',
    });
    expect(await verifies(account, third)).toBe(true);
  });

  test('a server that wants passwords in the clear gets none, and the old one stays', async () => {
    const { account, text } = await made('v_strict');
    await root.query(`install soname 'simple_password_check'`);
    expect(await changes(account, self(text), planted())).toMatchObject({ kind: 'misconfigured', outcome: 'not-made' });
    await root.query(`uninstall soname 'simple_password_check'`);
    expect(await verifies(account, text)).toBe(true);
  });

  test('a connection that is cut in the middle of a change leaves open whether it was made', async () => {
    const { account, text } = await made('v_cut');
    let isCut = false;
    const between = createServer((near) => {
      const far = connect(server.port, server.address);
      near.on('data', (bytes) => {
        if (bytes.includes('set password')) isCut = true;
        far.write(bytes);
      });
      far.on('data', (bytes) => (isCut ? near.destroy() : near.write(bytes)));
      for (const one of [near, far]) one.on('error', () => undefined);
      near.on('close', () => far.end());
    }).listen(0, '127.0.0.1');
    await once(between, 'listening');
    const listened = between.address();
    const port = typeof listened === 'object' && listened !== null ? listened.port : 0;
    const next = planted();
    const fault = await changes(account, self(text), next, { ...lab, port, trust: { kind: 'unencrypted' } });
    between.close();
    expect(fault).toMatchObject({ kind: 'unreachable', outcome: 'unknown' });
    await expect.poll(() => verifies(account, next)).toBe(true);
  });

  test('no password is sent to a server whose certificate is not trusted', async () => {
    const { account, text } = await made('v_tls');
    for (const wrong of [
      { ...lab, address: 'other.example' },
      { ...lab, trust: { kind: 'certificate', authorities: null } as const },
      { ...lab, address: '127.0.0.1' },
      { ...lab, trust: { kind: 'host-key', fingerprints: [] } as const },
    ])
      expect(await failure(verifies(account, text, wrong))).toMatchObject({ kind: 'misconfigured' });
    expect(server.written()).not.toMatch(/Access denied for user 'v_tls'|Connect\tv_tls/);
  });

  test('hostile names are refused, and no password is in a fault or in any log of the server', async () => {
    for (const name of ['', '-u', "a'b", 'a"b', 'a`b', 'a\\b', 'a\nb', "a@'%", 'a@b c', 'a'.repeat(81)]) {
      expect(await failure(verifies(at(name), planted()))).toMatchObject({ kind: 'misconfigured' });
      expect(await changes(at(name), login, planted())).toMatchObject({ kind: 'misconfigured', outcome: 'not-made' });
    }
    expect(inspect(faults, { depth: 10 }) + JSON.stringify(faults)).not.toContain('planted-');
    const written = server.written();
    expect(written).toContain('set password');
    expect(written).not.toContain('planted-');
  });
});

/** Of mysql_native_password, so that making an account puts no password into the logs. */
const hashOf = (text: string): string => {
  const sha1 = (of: string | Buffer) => createHash('sha1').update(of).digest();
  return `*${sha1(sha1(text)).toString('hex').toUpperCase()}`;
};
