import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';
import { inspect } from 'node:util';
import { type TestDatabase, testDatabase } from '@gatehouse/database/testing';
import { createHost } from '@gatehouse/host';
import { Secret } from '@gatehouse/kernel';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeServerCertificate } from '../../../../test/servers/samba/certificates.ts';
import { type By, type ManagedAccount, type ManagedSystem, type Proof, postgresql } from './index.ts';
import { scramVerifier } from './scram.ts';

const planted = () => `planted-${randomBytes(9).toString('base64url')}`;
const password = (text: string): Proof => ({ kind: 'password', password: new Secret(text) });
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );
const done = { value: undefined };

let server: TestDatabase;
let lab: ManagedSystem;
let administrator: pg.Client;
const faults: unknown[] = [];
const roles: string[] = [];
const context = { host: createHost({ signal: new AbortController().signal }) };

beforeAll(async () => {
  server = await testDatabase({ migrations: [] });
  const url = new URL(server.url);
  lab = { name: 'Lab', address: url.hostname, port: Number(url.port), trust: { kind: 'unencrypted' } };
  administrator = new pg.Client({ connectionString: server.url });
  await administrator.connect();
});
afterAll(async () => {
  for (const role of roles) await administrator.query(`drop role ${administrator.escapeIdentifier(role)}`);
  await administrator.end();
  await server.close();
});

/** A role of its own, because roles belong to the whole server. */
const made = async (more = 'login') => {
  const name = `vault "${randomBytes(4).toString('hex')}`.replace('"', '');
  const text = planted();
  await administrator.query(`create role ${administrator.escapeIdentifier(name)} ${more} password '${text}'`);
  roles.push(name);
  return { account: at(name), text };
};
const at = (name: string): ManagedAccount => ({ namespace: '', name, instance: '' });
const verifies = (account: ManagedAccount, text: string, system = lab) =>
  postgresql.verify(system, account, password(text), context);
const changes = async (account: ManagedAccount, by: By, next: string, system = lab) => {
  const fault = await failure(postgresql.change(system, account, by, password(next), context));
  faults.push(fault);
  return fault;
};
const self = (text: string): By => ({ kind: 'self', proof: password(text) });

/** Hands on what both sides say, and keeps what the client said; `cutAt` ends it when the client says so. */
const between = async (cutAt: string | null, tls?: { cert: string; key: string }) => {
  const said: Buffer[] = [];
  let isCut = false;
  const handOn = (near: Socket, far: Socket) => {
    near.on('data', (bytes) => {
      said.push(bytes);
      if (cutAt !== null && bytes.includes(cutAt)) isCut = true;
      far.write(bytes);
    });
    far.on('data', (bytes) => (isCut ? near.destroy() : near.write(bytes)));
    for (const one of [near, far]) one.on('error', () => undefined);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  };
  const proxy: Server = createServer((near) => {
    const far = connect({ host: lab.address, port: lab.port ?? 0 });
    if (tls === undefined) return handOn(near, far);
    // The client asks for TLS first (SSLRequest), and is answered with one letter.
    near.once('data', () => {
      near.write('S');
      handOn(new TLSSocket(near, { isServer: true, secureContext: createSecureContext(tls) }), far);
    });
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { said: () => Buffer.concat(said).toString('latin1'), system: { ...lab, port }, close: () => proxy.close() };
};

test('a verifier is what the server itself makes of a password', async () => {
  const { account, text } = await made();
  const { rows } = await administrator.query('select rolpassword from pg_authid where rolname = $1', [account.name]);
  const theirs = String(rows[0].rolpassword);
  const salt = Buffer.from(/:([^$]+)\$/.exec(theirs)?.[1] ?? '', 'base64');
  expect(await scramVerifier(new Secret(text), salt)).toBe(theirs);
});

test('a password is right or wrong, and nothing else is called wrong', async () => {
  const { account, text } = await made();
  expect(await verifies(account, text)).toBe(true);
  expect(await verifies(account, planted())).toBe(false);
  const barred = await made('nologin');
  expect(await failure(verifies(barred.account, barred.text))).toMatchObject({ kind: 'forbidden' });
  expect(await failure(verifies({ ...account, instance: 'nowhere' }, text))).toMatchObject({ kind: 'misconfigured' });
  expect(await failure(verifies(account, text, { ...lab, port: 1 }))).toMatchObject({ kind: 'unreachable' });
});

test('a role changes its own password, a login account that of others, and only if it may', async () => {
  const { account, text } = await made();
  const [second, third] = [planted(), planted()];
  expect(await changes(account, self(text), second)).toEqual(done);
  expect(await verifies(account, second)).toBe(true);
  expect(await verifies(account, text)).toBe(false);
  const { username, password: secret } = new URL(server.url);
  const login: By = { kind: 'login', account: at(username), proof: password(secret), current: null };
  expect(await changes(account, login, third)).toEqual(done);
  expect(await verifies(account, third)).toBe(true);
  expect(await changes(account, self(text), planted())).toMatchObject({ outcome: 'not-made', refused: 'by' });
  const other = await made();
  const plain: By = { kind: 'login', account: other.account, proof: password(other.text), current: null };
  expect(await changes(account, plain, planted())).toMatchObject({
    kind: 'forbidden',
    outcome: 'not-made',
    refused: 'by',
  });
  expect(await changes(at('vault_nobody'), login, planted())).toMatchObject({
    kind: 'misconfigured',
    outcome: 'not-made',
  });
  expect(await changes(account, self(third), 'planted-ä')).toMatchObject({ outcome: 'not-made', refused: 'next' });
  expect(await verifies(account, third)).toBe(true);
});

test('the password is in nothing that the server is told', async () => {
  const { account, text } = await made();
  const wire = await between(null);
  const next = planted();
  expect(await changes(account, self(text), next, wire.system)).toEqual(done);
  wire.close();
  expect(wire.said()).toContain('alter role');
  expect(wire.said()).not.toContain('planted-');
});

test('a connection that is cut in the middle of a change leaves open whether it was made', async () => {
  const { account, text } = await made();
  const wire = await between('alter role');
  const next = planted();
  const fault = await changes(account, self(text), next, wire.system);
  wire.close();
  expect(fault).toMatchObject({ kind: 'unreachable', outcome: 'unknown' });
  await expect.poll(() => verifies(account, next)).toBe(true);
});

test('nothing is sent to a server whose certificate is not trusted', async () => {
  const { account, text } = await made();
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-certificate-'));
  await makeServerCertificate(folder, 'db.example', '192.0.2.1', 'valid');
  const [ca, cert, key] = ['ca.pem', 'server.pem', 'server.key'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  );
  rmSync(folder, { recursive: true });
  if (ca === undefined || cert === undefined || key === undefined) throw new Error('no certificate');
  const wire = await between(null, { cert, key });
  const trust = { kind: 'certificate', authorities: ca } as const;
  const right: ManagedSystem = { ...wire.system, address: 'db.example', addresses: ['127.0.0.1'], trust };
  expect(await verifies(account, text, right)).toBe(true);
  const heard = wire.said().length;
  for (const wrong of [
    { ...right, address: 'other.example' },
    { ...right, trust: { kind: 'certificate', authorities: null } as const },
  ])
    expect(await failure(verifies(account, text, wrong))).toMatchObject({ kind: 'misconfigured' });
  wire.close();
  expect(wire.said().slice(heard)).not.toContain(account.name);
  // The server itself speaks no TLS.
  expect(await failure(verifies(account, text, { ...lab, trust }))).toMatchObject({ kind: 'misconfigured' });
});

test('a server that asks for no password has proved nothing', async () => {
  const trusting = createServer((socket) => {
    socket.on('error', () => undefined);
    // AuthenticationOk and ReadyForQuery, whoever it is.
    socket.once('data', () => socket.write(Buffer.from('520000000800000000' + '5a0000000549', 'hex')));
  }).listen(0, '127.0.0.1');
  await once(trusting, 'listening');
  const address = trusting.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  expect(await failure(verifies(at('ada'), planted(), { ...lab, port }))).toMatchObject({ kind: 'misconfigured' });
  trusting.close();
});

test('hostile names are refused, and no secret is in a fault', async () => {
  for (const name of ['', '-c', 'a"b', "a'b", 'a\\b', 'a\nb', 'a\u0000', 'a'.repeat(64)]) {
    expect(await failure(verifies(at(name), planted()))).toMatchObject({ kind: 'misconfigured' });
    expect(await changes(at(name), self(planted()), planted())).toMatchObject({ outcome: 'not-made' });
  }
  expect(await failure(verifies({ ...at('a'), instance: "x' y" }, planted()))).toMatchObject({ kind: 'misconfigured' });
  expect(inspect(faults, { depth: 10 }) + JSON.stringify(faults)).not.toContain('planted-');
});
