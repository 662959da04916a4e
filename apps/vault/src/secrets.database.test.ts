import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '@gatehouse/kernel';
import { openFile } from '@gatehouse/server';
import { type Answer, testClient } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn } from './sign-in/index.ts';
import { type TestVault, testVault } from './testing/test-vault.ts';

/** What is planted, by the way it comes in. */
const planted = {
  credential: 'Pl4nted-credential-0123',
  former: 'Pl4nted-former-0123',
  entry: 'Pl4nted-entry-0123',
  bind: 'Pl4nted-bind-0123',
  identity: 'Pl4nted-identity-0123',
  changed: 'Pl4nted-changed-0123',
  imported: 'Pl4nted-imported-0123',
  refused: 'Pl4nted-refused-0123',
  wrong: 'Pl4nted-wrong-0123',
  login: 'Pl4nted-login-0123',
  key: '-----BEGIN OPENSSH PRIVATE KEY-----\nUGw0bnRlZC1rZXktMDEyMzQ1Njc4OUFCQ0RFRg==\n-----END OPENSSH PRIVATE KEY-----',
  passphrase: 'Pl4nted-passphrase-0123',
} as const;
/** What the vault makes and shows once. */
const made: Record<string, string> = {};

let vault: TestVault;
/** Every answer, but the two that show something once. */
const answers: string[] = [];
beforeAll(async () => {
  vault = await testVault();
  await plant();
}, 60_000);
afterAll(() => vault.close());

const keep = (answer: Answer): Answer => {
  answers.push([...answer.headers].join(), answer.text);
  return answer;
};
const send = async (method: string, path: string, body?: object): Promise<Answer['body']> =>
  keep(await vault.operator.ask(method, path, body && { body: JSON.parse(JSON.stringify(body)) })).body;
const upload = async (text: string) => {
  const answer = await fetch(`${vault.url}/api/credentials/import`, {
    ...{ method: 'POST', body: text },
    headers: { authorization: `Bearer ${vault.operatorToken}`, origin: vault.url, 'content-type': 'text/csv' },
  });
  answers.push(await answer.text());
};
const entered = (value: string) => ({ from: 'entered', value });

const plant = async () => {
  const { systemId } = await send('POST', '/api/systems', { name: 'web1', kind: 'linux' });
  const { credentialId } = await send('POST', '/api/credentials', {
    ...{ systemId, accountName: 'root', secret: entered(planted.former) },
  });
  await send('PUT', `/api/credentials/${credentialId}/secret`, entered(planted.credential));
  await send('POST', '/api/credentials', { systemId, accountName: 'k', type: 'ssh_key', secret: entered(planted.key) });
  const { listId } = await send('POST', '/api/lists', { name: 'List' });
  await send('POST', `/api/lists/${listId}/entries`, { accountName: 'a', secret: entered(planted.entry) });
  const { directoryId } = await send('POST', '/api/directories', {
    ...{ netbiosName: 'NS', dnsName: 'ns.example', controllers: ['ldaps://127.0.0.1:1'] },
    ...{ bindName: 'NS\\reader', bindPassword: planted.bind },
  });
  await send('POST', `/api/directories/${directoryId}/test`);
  const { identityId } = await send('POST', '/api/identities', {
    ...{ kind: 'explicit', name: 'svc', password: entered(planted.identity) },
  });
  await send('PUT', `/api/identities/${identityId}/password`, entered(planted.changed));
  made.password = (
    await vault.operator.ask('PUT', `/api/identities/${identityId}/password`, { body: { from: 'random' } })
  ).body.password;
  made.key = (await vault.operator.post('/api/registrations', { name: 'ECM' })).body.key;
  await upload(`web2,,[Linux],root,${planted.imported},,\nweb3,,NS,svc,"${planted.imported}""x",,`);
  await signIn(vault.parts, {
    ...{ username: 'svc', password: new Secret(planted.login), domain: null, code: null, registrationId: null },
    ...{ address: null, correlationId: 'c' },
  }).catch((error) => answers.push(`${error.message} ${JSON.stringify(error)}`));
  await misuse(systemId, credentialId, listId, directoryId, identityId);
};

/** Secrets where they do not belong, and things that fail with a secret on the way. */
const misuse = async (
  systemId: string,
  credentialId: string,
  listId: string,
  directoryId: string,
  identityId: string,
) => {
  const { refused, wrong } = planted;
  await upload(
    `web4,,[Linux],root,${refused},,\n,,[Linux],root,${refused},,\nweb4,,[Linux],root,"${refused}\n",,\n"${refused}`,
  );
  await send('POST', '/api/credentials', { systemId, accountName: 'root', secret: entered(refused) });
  await send('POST', '/api/credentials', { systemId, accountName: 'x', type: 'ssh_key', secret: entered(refused) });
  await send('POST', '/api/credentials', { systemId, accountName: 'x', secret: { from: wrong, value: refused } });
  await send('POST', '/api/credentials', { systemId, accountName: 'x', secret: refused });
  await send('PUT', `/api/credentials/${credentialId}/secret`, entered(`${refused}\n${refused}`));
  await send('PUT', `/api/credentials/${crypto.randomUUID()}/secret`, entered(refused));
  await send('POST', `/api/lists/${listId}/entries`, { accountName: 'A', secret: entered(refused) });
  await send('PATCH', `/api/directories/${directoryId}`, { bindPassword: [refused] });
  await send('PUT', `/api/identities/${identityId}/password`, entered(refused.slice(0, 6)));
  await send('POST', '/api/identities', { kind: 'role', name: 'R', password: entered(refused) });
  await send('POST', '/api/credentials/export', { passphrase: planted.passphrase });
  await vault.stranger.post('/api/credentials/export', { passphrase: planted.passphrase }).then(keep);
};

/** In clear, as hexadecimal, and within base64 that begins at any of its three places; the ends of it hang on neighbours. */
const formsOf = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const inner = text.slice(before === 0 ? 0 : 4, -4);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    ...new Set([
      secret,
      json,
      encodeURIComponent(secret),
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
      ...base64,
    ]),
  ];
};
const findIn = (text: string, secrets: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret).flatMap((form) => (form.length >= 8 && text.includes(form) ? [`${name} as ${form}`] : [])),
  );

/** Every row of every table, whatever schema, as text. */
const dump = async (): Promise<string> => {
  const owner = vault.database.owner;
  const { rows: tables } = await sql<{ name: string }>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') order by 1`.execute(owner);
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ text: string }>`select t::text as text from ${sql.raw(name)} t`.execute(owner);
    texts.push(name, ...rows.map(({ text }) => text));
  }
  return texts.join('\n');
};

test('what was planted is found where it is in the open', () => {
  const open = `{"a":"${Buffer.from(`xy${planted.entry}z`).toString('base64')}"} ${Buffer.from(planted.bind).toString('hex')} ${planted.former}`;
  expect(findIn(open, planted).map((one) => one.split(' ')[0])).toEqual(['former', 'entry', 'bind']);
});

test('no secret is readable in any table', async () => {
  const text = await dump();
  expect(text).toMatch(/public\.secrets[\s\S]*gh1\./);
  expect(findIn(text, { ...planted, ...made })).toEqual([]);
});

test('no secret is in the log, even where it tells everything', () => {
  const log = vault.log.join('\n');
  expect(log).toContain('/api/credentials/import');
  expect(log.length).toBeGreaterThan(5_000);
  expect(findIn(log, { ...planted, ...made })).toEqual([]);
});

test('no secret is in any answer, right or wrong', async () => {
  const { paths }: { paths: Record<string, { get?: object }> } = (await vault.operator.get('/openapi.json')).body;
  for (const path of Object.keys(paths).filter((one) => paths[one]?.get && !one.includes('events'))) {
    const { listId, ...ids } = await idsOf();
    const filled = path.replaceAll(
      /\{(\w+)\}/g,
      (_, name: string) => ({ listId, ...ids })[name] ?? crypto.randomUUID(),
    );
    keep(await vault.operator.get(filled));
  }
  expect(answers.length).toBeGreaterThan(60);
  expect(answers.join('\n')).toContain('"accountName":"root"');
  expect(findIn(answers.join('\n'), { ...planted, ...made })).toEqual([]);
});

const idsOf = async (): Promise<Record<string, string>> => {
  const first = async (noun: string, id: string) => (await vault.operator.get(`/api/${noun}`)).body.items[0]?.[id];
  return {
    ...{ credentialId: await first('credentials', 'credentialId'), listId: await first('lists', 'listId') },
    ...{ identityId: await first('identities', 'identityId'), systemId: await first('systems', 'systemId') },
    directoryId: await first('directories', 'directoryId'),
  };
};

test('where the setting allows it, the command line takes passwords along, sealed; a page never does', async () => {
  const open = await vault.another({ reveal: true });
  const url = open.url ?? '';
  const token = (await readFile(join(vault.home, 'vault.token'), 'utf8')).trim();
  const operator = testClient(url, { authorization: `Bearer ${token}` });
  const { passphrase } = planted;
  const sealed = await operator.post('/api/credentials/export', { passphrase });
  expect(sealed.status).toBe(200);
  expect(findIn(sealed.text, { ...planted, ...made })).toEqual([]);
  let csv = '';
  const lines = (async function* () {
    yield* sealed.text.trimEnd().split('\n');
  })();
  for await (const part of openFile(new Secret(passphrase), lines)) csv += part;
  for (const secret of [planted.credential, planted.imported, `${planted.imported}""x`]) expect(csv).toContain(secret);
  expect(csv).not.toContain(planted.former);
  expect(findIn(await dump(), { ...planted, ...made })).toEqual([]);
  expect(findIn(vault.log.join('\n'), { ...planted, ...made })).toEqual([]);
  const administrator = await vault.signIn({ systemAdministrator: true });
  const cookie = [...administrator.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const refused = await testClient(url).post('/api/credentials/export', { passphrase }, { headers: { cookie } });
  expect(refused.status).toBe(403);
  const { items } = (await operator.get('/api/audit?event=EVENT_ID_EXPORTED&limit=1')).body;
  expect(items[0]).toMatchObject({ message: 'exported credentials with their passwords', through: 'command line' });
});
