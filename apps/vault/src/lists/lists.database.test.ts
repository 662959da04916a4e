import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listEntries } from '../audit/index.ts';
import { updateIdentity } from '../identities/index.ts';
import { openSecret } from '../keys/index.ts';
import { type TestVault, testVault } from '../testing/test-vault.ts';
import { placeOfEntry } from './index.ts';

let vault: TestVault;
beforeAll(async () => {
  vault = await testVault();
});
afterAll(() => vault.close());

const makeList = async (name: string) => (await vault.operator.post('/api/lists', { name })).body.listId as string;
const person = async (name: string) => {
  const client = await vault.signIn();
  const identityId = await vault.identity(name);
  await vault.database.system((tx) => updateIdentity(tx, identityId, { personId: client.personId }));
  return { ...client, identityId };
};
const give = (listId: string, identityId: string, mayEdit: boolean) =>
  vault.operator.ask('PUT', `/api/lists/${listId}/delegations/${identityId}`, { body: { mayEdit } });
const secret = (value: string) => ({ from: 'entered', value }) as const;

test('an entry is added, changed and taken out with the events of the reference, and its old secrets go', async () => {
  const listId = await makeList('Routers');
  const path = `/api/lists/${listId}/entries`;
  const made = await vault.operator.post(path, { systemName: 'r1', accountName: 'admin', secret: secret('one') });
  expect(made.status, made.text).toBe(201);
  const { entryId } = made.body;
  await vault.operator.ask('PATCH', `${path}/${entryId}`, { body: { comment: 'x', secret: secret('two') } });
  const { rows } = await sql<{ id: string }>`select secret_id as id from list_entries`.execute(vault.database.owner);
  const held = await vault.database.system((tx) =>
    openSecret(tx, vault.parts.envelope, rows[0]?.id ?? '', placeOfEntry(entryId)),
  );
  expect(held.reveal()).toBe('two');
  const twin = await vault.operator.post(path, { systemName: 'R1', accountName: 'ADMIN', secret: { from: 'random' } });
  expect([twin.status, twin.body.errors[0].field]).toEqual([409, 'accountName']);
  const full = await vault.operator.ask('DELETE', `/api/lists/${listId}`);
  expect([full.status, full.body.detail]).toEqual([409, expect.stringContaining('its entry admin (r1)')]);
  expect((await vault.operator.ask('DELETE', `${path}/${entryId}`)).status).toBe(204);
  const left = await sql<{ n: number }>`select count(*)::int as n from secrets`.execute(vault.database.owner);
  expect(left.rows[0]?.n).toBe(0);
  const entries = await vault.database.system((tx) =>
    listEntries(tx, sql`event_id between 2057 and 2059`, 'oldest', 10),
  );
  expect(
    entries.map(({ eventId, arguments: { SharedCredentialAccountName } }) => [eventId, SharedCredentialAccountName]),
  ).toEqual([
    [2057, 'admin'],
    [2058, 'admin'],
    [2059, 'admin'],
  ]);
  expect((await vault.operator.ask('DELETE', `/api/lists/${listId}`)).status).toBe(204);
});

test('whoever was given a list sees it alone, and changes it only where that was given', async () => {
  const [mine, other] = [await makeList('Mine'), await makeList('Other')];
  const [reader, editor] = [await person('reader'), await person('editor')];
  expect((await give(mine, reader.identityId, false)).status).toBe(204);
  expect((await give(mine, editor.identityId, true)).status).toBe(204);
  const entry = { systemName: '', accountName: 'NS\\shared', secret: secret('x') };

  expect((await reader.get('/api/lists')).body.items).toMatchObject([{ name: 'Mine', mayEdit: false }]);
  expect((await reader.get(`/api/lists/${other}`)).status).toBe(404);
  expect((await reader.get(`/api/lists/${other}/entries`)).status).toBe(404);
  expect((await reader.post(`/api/lists/${other}/entries`, entry)).status).toBe(404);
  expect((await reader.post(`/api/lists/${mine}/entries`, entry)).status).toBe(403);
  expect((await reader.post('/api/lists', { name: 'New' })).status).toBe(403);
  expect((await editor.post(`/api/lists/${mine}/entries`, entry)).status).toBe(201);
  expect((await reader.get(`/api/lists/${mine}/entries`)).body.items).toMatchObject([{ accountName: 'NS\\shared' }]);
  expect((await editor.ask('DELETE', `/api/lists/${mine}`)).status).toBe(403);

  await vault.operator.ask('DELETE', `/api/lists/${mine}/delegations/${reader.identityId}`);
  expect((await reader.get('/api/lists')).body.items).toEqual([]);
  expect((await vault.operator.get(`/api/lists/${mine}/delegations`)).body.items).toMatchObject([
    { identity: 'editor', mayEdit: true },
  ]);
});
