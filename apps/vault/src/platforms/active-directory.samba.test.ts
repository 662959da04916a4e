import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { inspect } from 'node:util';
import { createHost, type Ldap } from '@gatehouse/host';
import { Secret } from '@gatehouse/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Domain, noSamba, startDomain } from '../../../../test/servers/samba/domain.ts';
import { ldapModify } from '../../../../test/servers/samba/ldap-tools.ts';
import {
  activeDirectory,
  type By,
  type Context,
  type ManagedAccount,
  type ManagedSystem,
  type Proof,
} from './index.ts';

const reason = noSamba();
const planted = () => `Planted-${randomBytes(9).toString('base64url')}-7`;
const password = (text: string): Proof => ({ kind: 'password', password: new Secret(text) });
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );

describe.skipIf(reason !== null)(`in Active Directory${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let domain: Domain;
  let corp: ManagedSystem;
  let login: By;
  const lines: unknown[] = [];
  const faults: unknown[] = [];
  const host = createHost({ signal: new AbortController().signal, attempts: 1, log: (line) => lines.push(line) });
  const context = { host };
  beforeAll(async () => {
    domain = await startDomain();
    const { controller, netbios, base } = domain.names;
    corp = {
      ...{ name: 'corp.example', address: controller, port: null, addresses: [domain.address] },
      trust: { kind: 'certificate', authorities: domain.ca },
    };
    const account = { namespace: netbios, name: domain.administrator.name, instance: '' };
    login = { kind: 'login', account, proof: password(domain.administrator.password), current: null };
    // Nobody waits a day here, and three wrong ones lock.
    await change(
      `dn: ${base}\nchangetype: modify\nreplace: minPwdAge\nminPwdAge: 0\n-\nreplace: lockoutThreshold\nlockoutThreshold: 3\n`,
    );
  });
  afterAll(() => domain?.stop());

  const change = (ldif: string) => ldapModify(domain, domain.administrator, ldif);
  /** A fresh account and its password. */
  const made = async (name: string, attributes = 'userAccountControl: 512\n') => {
    const text = planted();
    const dn = `CN=${name},CN=Users,${domain.names.base}`;
    const value = Buffer.from(`"${text}"`, 'utf16le').toString('base64');
    await change(
      `dn: ${dn}\nchangetype: add\nobjectClass: user\nsAMAccountName: ${name}\nunicodePwd:: ${value}\n${attributes}`,
    );
    const account: ManagedAccount = { namespace: domain.names.netbios, name, instance: '' };
    return { account, dn, text };
  };
  const verifies = (account: ManagedAccount, text: string) =>
    activeDirectory.verify(corp, account, password(text), context);
  const changes = async (account: ManagedAccount, by: By, next: string, at = corp) => {
    const fault = await failure(activeDirectory.change(at, account, by, password(next), context));
    faults.push(fault);
    return fault;
  };

  test('a password is right or wrong, under both names of the domain', async () => {
    const { account, text } = await made('v-right');
    expect(await verifies(account, text)).toBe(true);
    expect(await verifies({ ...account, namespace: domain.names.dns }, text)).toBe(true);
    expect(await verifies(account, planted())).toBe(false);
    const untrusted: ManagedSystem = { ...corp, trust: { kind: 'certificate', authorities: null } };
    expect(await failure(activeDirectory.verify(untrusted, account, password(text), context))).toMatchObject({
      kind: 'misconfigured',
    });
  });

  test('accounts that are locked, disabled, expired or must change are told from a wrong password', async () => {
    const locked = await made('v-locked');
    for (let i = 0; i < 3; i++) expect(await verifies(locked.account, planted())).toBe(false);
    expect(String(await failure(verifies(locked.account, locked.text)))).toMatch(/forbidden: .*locked out/);
    const disabled = await made('v-disabled', 'userAccountControl: 514\n');
    expect(String(await failure(verifies(disabled.account, disabled.text)))).toMatch(/forbidden: .*disabled/);
    const expired = await made('v-expired', 'userAccountControl: 512\naccountExpires: 132000000000000000\n');
    expect(String(await failure(verifies(expired.account, expired.text)))).toMatch(/forbidden: .*has expired/);
    const must = await made('v-must', 'userAccountControl: 512\npwdLastSet: 0\n');
    expect(String(await failure(verifies(must.account, must.text)))).toMatch(/forbidden: .*must change/);
    // The way out of it.
    const next = planted();
    expect(await changes(must.account, login, next)).toEqual({ value: undefined });
    expect(await verifies(must.account, next)).toBe(true);
  });

  test('the account changes its own password, and a login account resets it', async () => {
    const { account, text } = await made('v-change');
    const [second, third] = [planted(), planted()];
    const self = (present: string): By => ({ kind: 'self', proof: password(present) });
    expect(await changes(account, self(text), second)).toEqual({ value: undefined });
    expect(await verifies(account, second)).toBe(true);
    expect(await changes(account, login, third)).toEqual({ value: undefined });
    expect(await verifies(account, third)).toBe(true);
    // The one before the last is still taken, for an hour.
    expect(await verifies(account, text)).toBe(false);
    for (const by of [self(third), login])
      expect(await changes(account, by, 'short')).toMatchObject({ outcome: 'not-made', refused: 'next' });
    expect(await changes(account, self(planted()), planted())).toMatchObject({ outcome: 'not-made', refused: 'by' });
    const { name } = domain.plainReader;
    const plain: By = {
      ...{ kind: 'login', account: { ...account, name }, current: null },
      proof: password(domain.plainReader.password),
    };
    expect(await changes(account, plain, planted())).toMatchObject({
      outcome: 'not-made',
      refused: 'by',
      kind: 'forbidden',
    });
    expect(await changes({ ...account, name: 'v-nobody' }, login, planted())).toMatchObject({ outcome: 'not-made' });
    expect(await verifies(account, third)).toBe(true);
  });

  test('a change whose answer is lost may or may not have been made', async () => {
    const { account, text } = await made('v-cut');
    let isCut = false;
    const between = createServer((near) => {
      const far = connect(636, domain.address);
      near.on('data', (bytes) => far.write(bytes));
      far.on('data', (bytes) => (isCut ? near.destroy() : near.write(bytes)));
      for (const one of [near, far]) one.on('error', () => undefined);
      near.on('close', () => far.destroy());
    }).listen(0, '127.0.0.1');
    await once(between, 'listening');
    const listened = between.address();
    if (typeof listened !== 'object' || listened === null) throw new Error('no port');
    const cut: ManagedSystem = { ...corp, port: listened.port, addresses: ['127.0.0.1'] };
    const next = planted();
    const cutting: Context = {
      host: {
        ...host,
        ldap: (options) => {
          const ldap = host.ldap(options);
          const modify: Ldap['modify'] = (...change) => {
            isCut = true;
            return ldap.modify(...change);
          };
          return { ...ldap, modify };
        },
      },
    };
    const by: By = { kind: 'self', proof: password(text) };
    const fault = await failure(activeDirectory.change(cut, account, by, password(next), cutting));
    between.close();
    expect(fault).toMatchObject({ kind: 'unreachable', outcome: 'unknown' });
    expect(await verifies(account, next)).toBe(true);
    const nowhere = await changes(account, login, planted(), { ...corp, port: 1 });
    expect(nowhere).toMatchObject({ kind: 'unreachable', outcome: 'not-made' });
  });

  test('hostile names are refused, and no secret is in a fault or a log line', async () => {
    const lined = lines.length;
    for (const name of ['', '-a', 'a"b', 'a\nb', 'a\\b', 'a@b', 'a*', 'a.', 'a'.repeat(300)]) {
      const account = { namespace: 'CORP', name, instance: '' };
      expect(await failure(activeDirectory.verify(corp, account, password('Planted-x'), context))).toMatchObject({
        kind: 'misconfigured',
      });
    }
    expect(await failure(verifies({ namespace: 'a\\b', name: 'ada', instance: '' }, 'Planted-x'))).toMatchObject({
      kind: 'misconfigured',
    });
    expect(lines.length).toBe(lined);
    expect(faults.length).toBeGreaterThan(8);
    expect(inspect([faults, lines], { depth: 10 }) + JSON.stringify(faults)).not.toContain('Planted-');
  });
});
