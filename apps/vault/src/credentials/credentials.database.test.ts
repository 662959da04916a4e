import type { Answer } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listEntries } from '../audit/index.ts';
import { putDelegation } from '../delegation/index.ts';
import { updateIdentity } from '../identities/index.ts';
import { type TestVault, testVault } from '../testing/test-vault.ts';
import { findCredential, findCredentialsByName, readCurrentSecret } from './index.ts';

let vault: TestVault;
beforeAll(async () => {
  vault = await testVault();
});
afterAll(() => vault.close());

const make = async (path: string, body: object) => {
  const answer = await vault.operator.post(path, JSON.parse(JSON.stringify(body)));
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};
const fieldOf = (body: { errors?: { field: string }[] } | null) => body?.errors?.map(({ field }) => field);
const secretOf = (credentialId: string) =>
  vault.database.system(async (tx) => {
    const credential = await findCredential(tx, credentialId);
    return credential && (await readCurrentSecret(tx, vault.parts.envelope, credential)).reveal();
  });
const upload = (text: string, query = '') =>
  fetch(`${vault.url}/api/credentials/import${query}`, {
    method: 'POST',
    headers: { ...auth(), 'content-type': 'text/csv' },
    body: text,
  }).then(async (answer) => ({ status: answer.status, body: await answer.json() }));
const auth = () => ({ authorization: `Bearer ${vault.operatorToken}`, origin: vault.url });
const count = async (table: string) =>
  (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(vault.database.owner)).rows[0]
    ?.n;

test('a system and its accounts are added, found, changed and deleted, and a delete says by what it is used', async () => {
  const system = await make('/api/systems', { name: 'web1', kind: 'linux', address: 'web1.example.com:2222' });
  expect(system).toMatchObject({ address: 'web1.example.com', port: 2_222, credentials: 0 });
  const policy = await make('/api/policies', { name: 'Short', rules: (await presets())[0].rules });
  const root = await make('/api/credentials', {
    ...{ systemId: system.systemId, accountName: 'root', policyId: policy.policyId, secret: { from: 'random' } },
  });
  expect(root).toMatchObject({
    namespace: '[Linux]',
    type: 'linux',
    isRandom: true,
    hasSecret: true,
    formerSecrets: 0,
  });
  expect(await secretOf(root.credentialId)).toHaveLength(24);

  for (const [path, name] of [
    [`/api/systems/${system.systemId}`, '[Linux]\\root'],
    [`/api/policies/${policy.policyId}`, "(web1)'[Linux]\\root'"],
  ]) {
    const refused = await vault.operator.ask('DELETE', path ?? '');
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toContain(name);
  }
  await vault.operator.ask('PATCH', `/api/systems/${system.systemId}`, {
    body: { loginCredentialId: root.credentialId, comment: 'front' },
  });
  const used = await vault.operator.ask('DELETE', `/api/credentials/${root.credentialId}`);
  expect([used.status, used.body.detail]).toEqual([409, expect.stringContaining('the system web1')]);

  expect((await vault.operator.get('/api/credentials?search=FRONT')).body.items).toHaveLength(0);
  expect((await vault.operator.get('/api/systems?search=FRONT')).body.items).toHaveLength(1);
  expect((await vault.operator.get('/api/credentials?search=web1.example')).body.total.value).toBe(1);
  await vault.operator.ask('PATCH', `/api/systems/${system.systemId}`, { body: { loginCredentialId: null } });
  const secrets = await count('secrets');
  expect((await vault.operator.ask('DELETE', `/api/credentials/${root.credentialId}`)).status).toBe(204);
  expect(await count('secrets')).toBe((secrets ?? 0) - 1);
  expect((await vault.operator.ask('DELETE', `/api/systems/${system.systemId}`)).status).toBe(204);
  expect((await vault.operator.ask('DELETE', `/api/policies/${policy.policyId}`)).status).toBe(204);
});

const presets = async () => (await vault.operator.get('/api/policies/presets')).body;

test('a new secret takes the place of the one before, which is kept, and the audit says so with the id of the request', async () => {
  const system = await make('/api/systems', { name: 'db1', kind: 'postgresql' });
  const made = await make('/api/credentials', {
    ...{
      systemId: system.systemId,
      accountName: 'app',
      instanceName: 'shop',
      secret: { from: 'entered', value: 'one' },
    },
  });
  const stored = await vault.operator.ask('PUT', `/api/credentials/${made.credentialId}/secret`, {
    ...{ body: { from: 'entered', value: 'two' }, headers: { 'x-request-id': 'store-two-1' } },
  });
  expect(stored.status).toBe(204);
  expect(await secretOf(made.credentialId)).toBe('two');
  expect((await vault.operator.get(`/api/credentials/${made.credentialId}`)).body).toMatchObject({
    ...{ formerSecrets: 1, isRandom: false, isVerified: null, namespace: '[PostgreSQL]', instanceName: 'shop' },
  });
  const entries = await vault.database.system((tx) =>
    listEntries(tx, sql`correlation_id = 'store-two-1'`, 'newest', 10),
  );
  expect(entries).toMatchObject([
    { event: 'EVENT_ID_PASSWORD_STORED', target: "(db1)'[PostgreSQL]\\app'", through: 'command line' },
  ]);
});

test.each<[string, string, object, string]>([
  ['systems', 'a domain without its name', { name: 'corp', kind: 'domain' }, 'domainNetbios'],
  ['systems', 'an address that is none', { name: 'a', kind: 'linux', address: 'a b' }, 'address'],
  ['systems', 'a port beside another', { name: 'a', kind: 'linux', address: 'a:22', port: 23 }, 'port'],
  ['systems', 'a fingerprint that is none', { name: 'a', kind: 'linux', trust: ['md5'] }, 'trust.0'],
  [
    'systems',
    'a log-in that is not there',
    { name: 'a', kind: 'linux', loginCredentialId: crypto.randomUUID() },
    'loginCredentialId',
  ],
  ['systems', 'a member that is not known', { name: 'a', kind: 'linux', password: 'x' }, 'password'],
  ['credentials', 'a system that is not there', { systemId: crypto.randomUUID(), accountName: 'a' }, 'systemId'],
  ['credentials', 'a name with its namespace', { systemId: crypto.randomUUID(), accountName: 'NS\\a' }, 'accountName'],
  ['policies', 'an impossible policy', { name: 'a', rules: impossible() }, 'rules.excluded'],
  ['sets', 'no name', { name: ' ' }, 'name'],
])('%s: %s is refused by its field, and nothing changes', async (noun, _, body, field) => {
  const before = [await count('systems'), await count('credentials'), await count('vault_audit')];
  const answer = await vault.operator.post(`/api/${noun}`, JSON.parse(JSON.stringify(body)));
  expect(answer.status, answer.text).toBe(400);
  expect(fieldOf(answer.body)).toEqual([field]);
  expect([await count('systems'), await count('credentials'), await count('vault_audit')]).toEqual(before);
});

function impossible() {
  return {
    ...{ length: 8, least: { lower: 1, upper: 1, digits: 1, symbols: null }, symbols: '', excluded: '0123456789' },
    ...{ first: ['lower'], last: ['lower'], withoutAccountName: true, distinct: false },
  };
}

test('an account that is there already, and a type that a system cannot have, are refused by their field', async () => {
  const system = await make('/api/systems', { name: 'NS', kind: 'domain', domainNetbios: 'NS' });
  await make('/api/credentials', { systemId: system.systemId, accountName: 'Admin' });
  const again = await vault.operator.post('/api/credentials', { systemId: system.systemId, accountName: 'ADMIN' });
  expect([again.status, fieldOf(again.body)]).toEqual([409, ['accountName']]);
  const key = await vault.operator.post('/api/credentials', {
    ...{ systemId: system.systemId, accountName: 'k', type: 'ssh_key' },
  });
  expect([key.status, fieldOf(key.body)]).toEqual([400, ['type']]);
  const twin = await vault.operator.post('/api/systems', { name: 'ns', kind: 'domain', domainNetbios: 'NS' });
  expect([twin.status, fieldOf(twin.body)]).toEqual([409, ['name']]);
});

test('a list goes on where the page before ended, whatever is added meanwhile, and its cursor is good for no other', async () => {
  const system = await make('/api/systems', { name: 'pages', kind: 'linux' });
  for (const name of ['a', 'B', 'c', 'D', 'e'])
    await make('/api/credentials', { systemId: system.systemId, accountName: name });
  const path = `/api/credentials?systemId=${system.systemId}&limit=2`;
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body: page }: Answer = await vault.operator.get(`${path}${cursor && `&cursor=${cursor}`}`);
    seen.push(...page.items.map(({ accountName }: { accountName: string }) => accountName));
    expect(page.total).toEqual({ value: 5, exact: true });
    cursor = page.next;
  }
  expect(seen).toEqual(['a', 'B', 'c', 'D', 'e']);
  const { next } = (await vault.operator.get(path)).body;
  const wrong = await vault.operator.get(`/api/credentials?limit=2&cursor=${next}`);
  expect([wrong.status, fieldOf(wrong.body)]).toEqual([400, ['cursor']]);
});

test('a person sees what the linked identity may see, with its rights, and nothing of the administrator’s', async () => {
  const system = await make('/api/systems', { name: 'seen', kind: 'linux' });
  const [shown] = [
    await make('/api/credentials', { systemId: system.systemId, accountName: 'shown' }),
    await make('/api/credentials', { systemId: system.systemId, accountName: 'hidden' }),
  ];
  const person = await vault.signIn();
  expect((await person.get('/api/my/credentials')).body.items).toEqual([]);
  const identityId = await vault.identity('person');
  await vault.database.system(async (tx) => {
    await updateIdentity(tx, identityId, { personId: person.personId });
    const rights = { viewAccounts: true, viewPasswords: false, requestPasswords: true, grantRequests: false };
    await putDelegation(
      tx,
      {
        ...{ delegationId: crypto.randomUUID(), identityId, scope: { credentialId: shown.credentialId } },
        rights: { ...rights, remoteSessions: false, spin: false },
      },
      new Date(),
    );
  });
  const { items } = (await person.get('/api/my/credentials')).body;
  expect(items).toMatchObject([{ accountName: 'shown', rights: { requestPasswords: true, viewPasswords: false } }]);
  for (const path of ['/api/credentials', '/api/systems', '/api/policies', '/api/sets', '/api/credentials/export.csv'])
    expect((await person.get(path)).status, path).toBe(403);
});

test('a management set holds systems until a delegation needs it', async () => {
  const set = await make('/api/sets', { name: 'Web' });
  const system = await make('/api/systems', { name: 'in-set', kind: 'linux' });
  const member = `/api/sets/${set.setId}/systems/${system.systemId}`;
  expect((await vault.operator.ask('PUT', member)).status).toBe(204);
  expect((await vault.operator.get(`/api/sets/${set.setId}`)).body.systems).toBe(1);
  expect((await vault.operator.get(`/api/sets/${set.setId}/systems`)).body.items).toMatchObject([{ name: 'in-set' }]);
  expect((await vault.operator.ask('PUT', `/api/sets/${set.setId}/systems/${crypto.randomUUID()}`)).status).toBe(404);
  const identityId = await vault.identity('set-user');
  const none = { viewAccounts: true, viewPasswords: false, requestPasswords: false, grantRequests: false };
  await vault.database.system((tx) =>
    putDelegation(
      tx,
      {
        ...{ delegationId: crypto.randomUUID(), identityId, scope: { setId: set.setId } },
        rights: { ...none, remoteSessions: false, spin: false },
      },
      new Date(),
    ),
  );
  const refused = await vault.operator.ask('DELETE', `/api/sets/${set.setId}`);
  expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('set-user')]);
  expect((await vault.operator.ask('DELETE', member)).status).toBe(204);
});

const heading = 'System_Name,InstanceName,Namespace,AccountName,Password,Comment,AssetTag\r\n';

test('a file in the columns of the reference makes systems and credentials, and says what is there already', async () => {
  const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n';
  const file = [
    ...[`\ufeff${heading}csv1,,[Linux],root,"pa""ss,=1",first,T-1`, `csv1,,[Linux],root,"${key}",,`],
    ...['csv1,shop,[PostgreSQL],app,=secret,,', 'CSV-PC,,csv-pc,Administrator,x1,,', 'dc1.csv.example,,CSV,svc,x2,,'],
    ...['fw1,,[Firewall],admin,x3,,', 'empty,,[Linux],root,,,', 'csv1,SALES,[SQLServer],sa,x4,,'],
  ].join('\r\n');
  const first = await upload(file);
  expect(first).toMatchObject({
    status: 200,
    body: { created: 8, changed: 0, kept: 0, systemsCreated: 7, skipped: 0 },
  });
  const { items } = (await vault.operator.get('/api/systems?search=c&limit=500')).body;
  const kinds = new Map(items.map((one: { name: string; kind: string }) => [`${one.name} ${one.kind}`, one]));
  for (const name of ['csv1 linux', 'csv1 postgresql', 'csv1 sqlserver', 'CSV-PC windows', 'dc1.csv.example domain'])
    expect(kinds.has(name), name).toBe(true);
  expect(kinds.get('dc1.csv.example domain')).toMatchObject({ domainNetbios: 'CSV', domainDns: 'dc1.csv.example' });
  const [app] = await vault.database.system((tx) =>
    findCredentialsByName(tx, { systemName: 'csv1', namespace: null, accountName: 'app' }),
  );
  expect(await secretOf(app?.credentialId ?? '')).toBe('=secret');

  const secrets = await count('secrets');
  expect((await upload(file)).body).toMatchObject({ created: 0, changed: 0, kept: 8, systemsCreated: 0 });
  expect(await count('secrets')).toBe(secrets);
  const changes = `${heading}CSV1,,[linux],ROOT,new,second,T-1\r\ncsv1,shop,[PostgreSQL],app,,,`;
  expect((await upload(changes, '?existing=keep')).body).toMatchObject({ changed: 0, kept: 2 });
  expect((await upload(changes)).body).toMatchObject({ changed: 1, kept: 1 });
});

test('one wrong row and nothing changes: every fault is named by line and column, without the password', async () => {
  const before = [
    await count('credentials'),
    await count('systems'),
    await count('secrets'),
    await count('vault_audit'),
  ];
  const file = `${heading}ok,,[Linux],fine,planted-1,,\n,,[Linux],root,planted-2,,\nok,,[Linux],NS\\x,planted-3,,\nok,,[Linux],fine,planted-4,,\nok,,"a\nb",x,"planted\n5",,\nok,,x`;
  const refused = await upload(file);
  expect(refused.status).toBe(400);
  expect(fieldOf(refused.body)).toEqual([
    ...['line 3, System_Name', 'line 4, AccountName', 'line 5, AccountName', 'line 6, Namespace', 'line 6, Password'],
    'line 9, AccountName',
  ]);
  expect(JSON.stringify(refused.body)).not.toContain('planted');
  expect([
    await count('credentials'),
    await count('systems'),
    await count('secrets'),
    await count('vault_audit'),
  ]).toEqual(before);

  const skipped = await upload(file, '?skip=faulty');
  expect(skipped.body).toMatchObject({ created: 1, systemsCreated: 1, skipped: 5 });
  const broken = await upload(`${heading}cut,,[Linux],a,x,,\ncut,,[Linux],"b`, '?skip=faulty');
  expect([broken.status, fieldOf(broken.body)]).toEqual([400, ['line 3, AccountName']]);
});

test('twenty thousand rows are the most, and a file of some thousand is stored in one go', async () => {
  const rows = (n: number) =>
    heading + Array.from({ length: n }, (_, at) => `bulk${at % 50},,[Linux],user${at},pw${at},,`).join('\n');
  const begun = performance.now();
  expect((await upload(rows(2_000))).body).toMatchObject({ created: 2_000, systemsCreated: 50 });
  expect(performance.now() - begun).toBeLessThan(20_000);
  const refused = await upload(rows(20_001));
  expect([refused.status, refused.body.detail]).toEqual([400, expect.stringContaining('at most 20000 rows')]);
});

test('an export has no passwords, comes back as it went, and formulas in it are text', async () => {
  const system = await make('/api/systems', { name: '=cmd', kind: 'linux', comment: 'x' });
  await make('/api/credentials', {
    ...{
      systemId: system.systemId,
      accountName: '+evil',
      comment: '@sum',
      secret: { from: 'entered', value: 'planted-9' },
    },
  });
  const file = await vault.operator.get('/api/credentials/export.csv');
  expect(file.text.startsWith(heading)).toBe(true);
  expect(file.text).toContain(`"'=cmd",,[Linux],"'+evil",,"'@sum",`);
  expect(file.text).not.toMatch(/planted|(^|,)[=+@-]/m);
  expect((await upload(file.text)).body).toMatchObject({ created: 0, changed: 0, systemsCreated: 0 });
});

test('passwords leave only by the command line of the machine, where the setting allows it', async () => {
  const passphrase = 'a passphrase of some length';
  const refused = await vault.operator.post('/api/credentials/export', { passphrase });
  expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining('--reveal')]);
});
