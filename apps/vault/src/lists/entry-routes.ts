import type { Sql } from '@gatehouse/database';
import { newId, Secret } from '@gatehouse/kernel';
import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import type { SecretInput } from '../api/credentials.ts';
import { EntryChange, EntryInput, ListEntry } from '../api/lists.ts';
import { list, SearchQuery } from '../api/words.ts';
import type { EntryInput as AuditInput } from '../audit/index.ts';
import { change, entered } from '../change.ts';
import { deleteSecrets, putSecret } from '../keys/index.ts';
import type { VaultParts } from '../parts.ts';
import { defaultPolicy, generatePassword } from '../policies/index.ts';
import { stillUsed } from '../problems.ts';
import { getEditable, getList, reachOf } from './reach.ts';
import {
  deleteEntry,
  findEntryOf,
  listEntriesOf,
  listHoldersOf,
  placeOfEntry,
  putEntry,
  type ListEntry as Row,
} from './store.ts';

const config = { access: 'signed-in' } as const;
const tags = ['shared lists'];
const params = z.object({ listId: z.uuid() });
const OneEntry = z.object({ listId: z.uuid(), entryId: z.uuid() });

/** Entries of shared lists, for administrators and for whoever the list was given to. */
export const serveEntries = (app: App, parts: VaultParts): void => {
  const { database, clock } = parts;
  app.get(
    '/api/lists/:listId/entries',
    {
      config,
      schema: {
        ...{ summary: 'Accounts of a shared list, by system and name', tags, params, querystring: SearchQuery },
        response: { 200: list(ListEntry) },
      },
    },
    async ({ principal, params: { listId }, query }) => {
      const reach = await reachOf(parts, principal);
      return database.system(async (tx) => {
        await getList(tx, reach, listId);
        const page = await listEntriesOf(tx, listId, query);
        return { ...page, items: page.items.map(toJson) };
      });
    },
  );
  app.post(
    '/api/lists/:listId/entries',
    {
      config,
      schema: { summary: 'Add an account to a list', tags, params, body: EntryInput, response: { 201: ListEntry } },
    },
    async (request, reply) => {
      const reach = await reachOf(parts, request.principal);
      const { secret, ...body } = request.body;
      const at = clock.now();
      const entryId = newId<string>(at.getTime());
      const made = await change(parts, request, async (tx, note) => {
        const { listId, name } = await getEditable(tx, reach, request.params.listId);
        const secretId = await seal(tx, parts, { ...body, entryId }, secret, at);
        const entry = { ...body, entryId, secretId, secretAt: at };
        await putEntry(tx, listId, entry, at);
        note(noteOf('ADDED', name, entry));
        return entry;
      });
      reply.code(201);
      return toJson(made);
    },
  );
  app.patch(
    '/api/lists/:listId/entries/:entryId',
    {
      config,
      schema: {
        ...{ summary: 'Change an account of a list', tags, params: OneEntry, body: EntryChange },
        response: { 200: ListEntry },
      },
    },
    async (request) => {
      const reach = await reachOf(parts, request.principal);
      const { secret, ...body } = request.body;
      const at = clock.now();
      return change(parts, request, async (tx, note) => {
        const { listId, name } = await getEditable(tx, reach, request.params.listId);
        const before = await findEntryOf(tx, listId, request.params.entryId);
        if (before === null) throw problems.notFound();
        const described: Row = { ...before, ...entered(body) };
        const entry =
          secret === undefined
            ? described
            : { ...described, secretId: await seal(tx, parts, described, secret, at), secretAt: at };
        await putEntry(tx, listId, entry, at);
        if (secret !== undefined) await deleteSecrets(tx, [before.secretId]);
        note(noteOf('EDITED', name, entry));
        return toJson(entry);
      });
    },
  );
  app.delete(
    '/api/lists/:listId/entries/:entryId',
    {
      config,
      schema: {
        ...{ summary: 'Take an account out of a list', tags, params: OneEntry },
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      const reach = await reachOf(parts, request.principal);
      await change(parts, request, async (tx, note) => {
        const { listId, name } = await getEditable(tx, reach, request.params.listId);
        const entry = await findEntryOf(tx, listId, request.params.entryId);
        if (entry === null) throw problems.notFound();
        const holders = await listHoldersOf(tx, entry.entryId);
        if (holders.length > 0) throw stillUsed(`The account ${entry.accountName}`, holders);
        await deleteEntry(tx, entry.entryId);
        await deleteSecrets(tx, [entry.secretId]);
        note(noteOf('REMOVED', name, entry));
      });
      return reply.code(204).send();
    },
  );
};

/** Seals what was entered, or what the vault's own policy makes; answers the id of the secret. */
const seal = (
  tx: Sql,
  { envelope }: VaultParts,
  { entryId, accountName }: Pick<Row, 'entryId' | 'accountName'>,
  input: z.output<typeof SecretInput>,
  at: Date,
): Promise<string> => {
  const secret = input.from === 'entered' ? new Secret(input.value) : generatePassword(defaultPolicy, { accountName });
  return putSecret(tx, envelope, { secret, place: placeOfEntry(entryId), at });
};

const verbs = { ADDED: 'added', EDITED: 'edited', REMOVED: 'removed' } as const;

const noteOf = (
  what: keyof typeof verbs,
  listName: string,
  { systemName, accountName }: Pick<Row, 'systemName' | 'accountName'>,
): AuditInput => ({
  ...{
    event: `EVENT_ID_SHARED_CREDENTIAL_LIST_${what}_ACCOUNT`,
    target: `${listName}: (${systemName})'${accountName}'`,
  },
  message: `${verbs[what]} account (${systemName})'${accountName}' in shared credential list ${listName}`,
  arguments: { SharedCredentialAccountName: accountName, SystemName: systemName, ListName: listName },
});

const toJson = ({ entryId, systemName, accountName, comment, secretAt }: Row): z.input<typeof ListEntry> => ({
  ...{ entryId, systemName, accountName, comment, secretAt: secretAt.toISOString() },
});
