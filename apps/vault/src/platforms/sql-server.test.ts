import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { createHost } from '@gatehouse/host';
import { Secret } from '@gatehouse/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type SqlServer,
  type SqlServerOptions,
  startSqlBrowser,
  startSqlServer,
} from '../../../../test/servers/sql-server/server.ts';
import { type By, type ManagedAccount, type ManagedSystem, type Proof, sqlServer } from './index.ts';

const planted = () => `planted-${randomBytes(9).toString('base64url')}`;
const password = (text: string): Proof => ({ kind: 'password', password: new Secret(text) });
const at = (name: string, instance = ''): ManagedAccount => ({ namespace: '[SQLServer]', name, instance });
const self = (text: string): By => ({ kind: 'self', proof: password(text) });
const context = { host: createHost({ signal: new AbortController().signal }) };
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );
const done = { value: undefined };
const faults: unknown[] = [];

const systemOf = ({ name, address, port, ca }: SqlServer): ManagedSystem => ({
  ...{ name: 'Lab', address: name, port, addresses: [address], trust: { kind: 'certificate', authorities: ca } },
});
const started: SqlServer[] = [];
const start = async (options: SqlServerOptions = {}): Promise<{ server: SqlServer; lab: ManagedSystem; login: By }> => {
  const server = await startSqlServer(options);
  started.push(server);
  const root = planted();
  server.add('sa', root, { mayAlter: true });
  const login: By = { kind: 'login', account: at('sa'), proof: password(root), current: null };
  return { server, lab: systemOf(server), login };
};
let server: SqlServer;
let lab: ManagedSystem;
let login: By;
beforeAll(async () => {
  ({ server, lab, login } = await start({ leastLength: 8 }));
});
afterAll(() => Promise.all(started.map((one) => one.stop())));

const made = (name: string, on = server) => {
  const text = planted();
  on.add(name, text);
  return { account: at(name), text };
};
const verifies = (account: ManagedAccount, text: string, system = lab) =>
  sqlServer.verify(system, account, password(text), context);
const changes = async (account: ManagedAccount, by: By, next: string, system = lab) => {
  const fault = await failure(sqlServer.change(system, account, by, password(next), context));
  faults.push(fault);
  return fault;
};

test('a password is right or wrong, and disabled, locked and expired logins are told apart', async () => {
  const { account, text } = made('v_right');
  expect(await verifies(account, text)).toBe(true);
  expect(await verifies(account, planted())).toBe(false);
  expect(await verifies(at('v_nobody'), text)).toBe(false);
  for (const [state, words] of [
    ['disabled', /forbidden: .*disabled/],
    ['locked', /forbidden: .*locked/],
    ['expired', /forbidden: .*expired/],
    ['must-change', /forbidden: .*changed first/],
  ] as const) {
    server.add('v_right', text, { state });
    expect(String(await failure(verifies(account, text)))).toMatch(words);
    expect(await changes(account, self(text), planted())).toMatchObject({ kind: 'forbidden', outcome: 'not-made' });
  }
  expect(await failure(verifies(account, text, { ...lab, port: 1 }))).toMatchObject({ kind: 'unreachable' });
});

test('a login changes its own password, and a log-in account that of others', async () => {
  const { account, text } = made('v_app');
  const [second, third] = [planted(), planted()];
  expect(await changes(account, self(text), second)).toEqual(done);
  expect([await verifies(account, second), await verifies(account, text)]).toEqual([true, false]);
  expect(await changes(account, login, third)).toEqual(done);
  expect(await verifies(account, third)).toBe(true);
  const other = made('v_other');
  const plain: By = { kind: 'login', account, proof: password(third), current: null };
  expect(await changes(other.account, plain, planted())).toMatchObject({
    ...{ kind: 'forbidden', outcome: 'not-made', refused: 'by' },
  });
  expect(await changes(account, self(text), planted())).toMatchObject({ outcome: 'not-made', refused: 'by' });
  expect(await changes(at('v_missing'), login, planted())).toMatchObject({ kind: 'forbidden', outcome: 'not-made' });
  expect(await changes(account, login, 'short')).toMatchObject({ outcome: 'not-made', refused: 'next' });
  expect(await changes(account, login, 'x'.repeat(129))).toMatchObject({ outcome: 'not-made', refused: 'next' });
  expect(await verifies(account, third)).toBe(true);
});

test.each([
  ['a name with a bracket, and one that ends it', 'v]x] WITH PASSWORD = N[', "quotes ' and '' in it"],
  ['a name with a space, a semicolon and a comment', 'v a; -- /*', "'; ALTER LOGIN [sa] WITH PASSWORD = N'taken"],
  ['letters of everywhere', 'v_größe_名前', 'pä$$wörd €\u{1f511}𝕏'],
  ['brackets in the password', 'v_brackets', "]]>[[ ]'] N'x'"],
  ['ends of lines that are none', 'v_backslash', 'a\\\\b"c`d%s{0}'],
])('%s mean nothing but themselves', async (_, name, next) => {
  const { account, text } = made(name);
  const before = server.logins.get('sa')?.password;
  expect(await changes(account, self(text), next)).toEqual(done);
  expect(await verifies(account, next)).toBe(true);
  expect(await changes(account, login, `${next}${next}`)).toEqual(done);
  expect(await changes(account, self(`${next}${next}`), text)).toEqual(done);
  expect(await verifies(account, text)).toBe(true);
  expect(server.logins.get('sa')?.password).toBe(before);
});

test('a connection that is cut in the middle of a change leaves open whether it was made', async () => {
  const { account, text } = made('v_cut');
  const next = planted();
  server.cut = 'before';
  expect(await changes(account, self(text), next)).toMatchObject({ kind: 'unreachable', outcome: 'unknown' });
  expect(await verifies(account, text)).toBe(true);
  server.cut = 'after';
  expect(await changes(account, self(text), next)).toMatchObject({ kind: 'unreachable', outcome: 'unknown' });
  expect(await verifies(account, next)).toBe(true);
});

test('no password is sent to a server whose certificate is not trusted, however it encrypts', async () => {
  for (const encryption of ['prelogin', 'strict'] as const) {
    const one = await start({ encryption });
    const { account, text } = made('v_tls', one.server);
    for (const wrong of [
      { ...one.lab, address: 'other.example' },
      { ...one.lab, trust: { kind: 'certificate', authorities: null } as const },
      { ...one.lab, trust: { kind: 'host-key', fingerprints: [] } as const },
    ])
      expect(await failure(verifies(account, text, wrong))).toMatchObject({ kind: 'misconfigured' });
    expect(one.server.tried).toEqual([]);
    expect(await verifies(account, text, one.lab)).toBe(true);
    expect(await verifies(account, text, { ...one.lab, address: '127.0.0.1' })).toBe(true);
  }
});

test('a server that takes strict encryption alone is signed in to and changed, too', async () => {
  const strict = await start({ encryption: 'strict' });
  const { account, text } = made('v_strict', strict.server);
  const next = planted();
  expect(await verifies(account, planted(), strict.lab)).toBe(false);
  expect(await changes(account, self(text), next, strict.lab)).toEqual(done);
  expect(await verifies(account, next, strict.lab)).toBe(true);
});

test('a server without encryption is given a password only where an administrator chose that', async () => {
  const plain = await start({ encryption: 'none' });
  const { account, text } = made('v_plain', plain.server);
  expect(await failure(verifies(account, text, plain.lab))).toMatchObject({ kind: 'misconfigured' });
  expect(plain.server.tried).toEqual([]);
  const chosen: ManagedSystem = { ...plain.lab, trust: { kind: 'unencrypted' } };
  expect(await verifies(account, text, chosen)).toBe(true);
  const next = planted();
  expect(await changes(account, self(text), next, chosen)).toEqual(done);
  expect(await verifies(account, next, chosen)).toBe(true);
  const tooPlain = await failure(verifies(at('sa'), planted(), { ...lab, trust: { kind: 'unencrypted' } }));
  expect(String(tooPlain)).toMatch(/misconfigured: .*encrypted connections only/);
});

test('nobody is sent on to another server', async () => {
  const [one, two] = [await start(), await start()];
  const { account, text } = made('v_routed', one.server);
  two.server.add('v_routed', text);
  one.server.routeTo = { host: '127.0.0.1', port: two.server.port };
  expect(await failure(verifies(account, text, one.lab))).toMatchObject({ kind: 'misconfigured' });
  expect(await changes(account, self(text), planted(), one.lab)).toMatchObject({ outcome: 'not-made' });
  expect(two.server.tried).toEqual([]);
  expect(two.server.logins.get('v_routed')?.password).toBe(text);
});

test('an instance is found by its name, and no other is changed by mistake', async () => {
  // SQL Server Browser is always at one port, so this host has an address of its own.
  const address = `127.${[...randomBytes(3)].map((byte) => 1 + (byte % 250)).join('.')}`;
  const [sales, plain] = [await start({ address, instance: 'SALES' }), await start({ address })];
  const [text, next] = [planted(), planted()];
  for (const { server: one } of [sales, plain]) one.add('v_app', text);
  const host = { ...sales.lab, port: null };
  const browser = await startSqlBrowser(address, { SALES: sales.server.port, LIES: plain.server.port });
  try {
    expect(await verifies(at('v_app', 'sales'), text, host)).toBe(true);
    expect(await changes(at('v_app', 'sales'), self(text), next, host)).toEqual(done);
    expect(await verifies(at('v_app', 'SALES'), next, host)).toBe(true);
    expect(await failure(verifies(at('v_app', 'STOCK'), text, host))).toMatchObject({ kind: 'unreachable' });
    // Nothing listens at the port of the default instance.
    expect(await failure(verifies(at('v_app'), text, host))).toMatchObject({ kind: 'unreachable' });
    expect(await failure(verifies(at('v_app', 'LIES'), text, host))).toMatchObject({ kind: 'misconfigured' });
  } finally {
    await browser.stop();
  }
  expect(await changes(at('v_app', 'SALES'), self(next), text, sales.lab)).toEqual(done);
  expect(await failure(verifies(at('v_app', 'SALES'), text, plain.lab))).toMatchObject({ kind: 'misconfigured' });
  expect(await failure(verifies(at('v_app', 'MSSQLSERVER'), text, sales.lab))).toMatchObject({ kind: 'misconfigured' });
  expect(await changes(at('v_app', 'SALES'), self(text), next, plain.lab)).toMatchObject({ outcome: 'not-made' });
  expect(plain.server.logins.get('v_app')?.password).toBe(text);
  expect(await changes(at('v_app', 'MSSQLSERVER'), self(text), next, plain.lab)).toEqual(done);
});

test('hostile names are refused, and no password is in a fault', async () => {
  for (const name of ['', '-u', "a'b", 'a"b', 'CORP\\app', 'a\nb', 'a'.repeat(129)]) {
    expect(await failure(verifies(at(name), planted()))).toMatchObject({ kind: 'misconfigured' });
    expect(await changes(at(name), login, planted())).toMatchObject({ kind: 'misconfigured', outcome: 'not-made' });
  }
  for (const instance of ['a b', '1a', 'a;b', "a'", 'a'.repeat(17)])
    expect(await failure(verifies(at('v_app', instance), planted()))).toMatchObject({ kind: 'misconfigured' });
  const { account } = made('v_leak');
  // The stand-in repeats a password that is too short in its message.
  expect(String(await changes(account, login, 'plant-7'))).not.toContain('plant-7');
  expect(inspect(faults, { depth: 10 }) + JSON.stringify(faults)).not.toMatch(/planted-|plant-7/);
});
