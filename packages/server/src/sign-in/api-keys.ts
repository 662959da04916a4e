import { randomUUID } from 'node:crypto';
import type { Database, Sql } from '@gatehouse/database';
import type { PersonId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { z } from 'zod';
import type { App } from '../app.ts';
import { audit } from '../audit.ts';
import { problems } from '../problem.ts';
import { hashToken, newToken } from '../tokens.ts';
import { signedInPerson } from './identify.ts';
import type { Person } from './people.ts';

/** Begins every personal API key, so that scanners recognise a leaked one. */
export const apiKeyPrefix = 'gh_';

const When = z.iso.datetime();
export const ApiKey = z.object({
  keyId: z.uuid(),
  name: z.string(),
  /** The first characters, to tell keys apart. */
  prefix: z.string(),
  createdAt: When,
  expiresAt: When.nullable(),
  lastUsedAt: When.nullable(),
});
export const ApiKeyInput = z.strictObject({
  name: z.string().trim().min(1, 'Enter a name.').max(120),
  /** Days until it ends; at most a year. */
  days: z.number().int().min(1).max(365).default(90),
});
/** `key` is shown this once. */
export const NewApiKey = ApiKey.extend({ key: z.string() });

interface ApiKeyRow {
  readonly keyId: string;
  readonly name: string;
  readonly prefix: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
}
const columns = sql`key_id as "keyId", name, prefix, created_at as "createdAt", expires_at as "expiresAt", last_used_at as "lastUsedAt"`;
const toApiKey = (row: ApiKeyRow): z.output<typeof ApiKey> => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt?.toISOString() ?? null,
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
});

/** The owner of a key that has not ended; null for any other text. Remembers the use, at most once a minute. */
export const findKeyOwner = async (
  database: Database,
  key: string,
): Promise<Pick<Person, 'personId' | 'name' | 'email' | 'systemAdministrator'> | null> => {
  const { rows } = await sql<
    Pick<Person, 'personId' | 'name' | 'email' | 'systemAdministrator'> & { keyId: string; stale: boolean }
  >`
    select p.id as "personId", p.name, p.email, p.system_administrator as "systemAdministrator", k.key_id as "keyId",
      k.last_used_at is null or k.last_used_at < now() - interval '1 minute' as stale
    from api_keys k join people p on p.id = k.person_id
    where k.key_hash = ${hashToken(key)} and not p.disabled and (k.expires_at is null or k.expires_at > now())`.execute(
    database.owner,
  );
  const found = rows[0];
  if (!found) return null;
  if (found.stale)
    await sql`update api_keys set last_used_at = now() where key_id = ${found.keyId}`.execute(database.owner);
  return found;
};

export const serveApiKeys = (app: App, database: Database): void => {
  app.get(
    '/api/me/api-keys',
    {
      config: { access: 'signed-in' },
      schema: { summary: 'My API keys', tags: ['me'], response: { 200: z.array(ApiKey) } },
    },
    async (request) => {
      const personId = signedInPerson(request);
      return database.system(async (tx) => {
        const { rows } = await sql<ApiKeyRow>`
          select ${columns} from api_keys where person_id = ${personId} order by created_at desc, key_id limit ${mostKeys}`.execute(
          tx,
        );
        return rows.map(toApiKey);
      });
    },
  );
  app.post(
    '/api/me/api-keys',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'Make an API key; it is shown once',
        tags: ['me'],
        body: ApiKeyInput,
        response: { 201: NewApiKey },
      },
    },
    async (request, reply) => {
      const personId = signedInPerson(request);
      const { name, days } = request.body;
      const key = newToken(apiKeyPrefix);
      const row = await database.system(async (tx) => {
        if ((await countKeys(tx, personId)) >= mostKeys)
          throw problems.conflict(`You have ${mostKeys} API keys. Delete one first.`);
        const made = await sql<ApiKeyRow>`
          insert into api_keys (key_id, person_id, name, prefix, key_hash, expires_at)
          values (${randomUUID()}, ${personId}, ${name}, ${key.reveal().slice(0, 9)}, ${hashToken(key.reveal())}, now() + make_interval(days => ${days}))
          returning ${columns}`.execute(tx);
        await audit(tx, request.act, { action: 'api-key.create', target: name, change: { days } });
        return made.rows[0];
      });
      if (!row) throw new Error('an insert returned no row');
      return reply.code(201).send({ ...toApiKey(row), key: key.reveal() });
    },
  );
  app.delete(
    '/api/me/api-keys/:keyId',
    {
      config: { access: 'signed-in', endsAccess: true },
      schema: {
        summary: 'Delete an API key',
        tags: ['me'],
        params: z.object({ keyId: z.uuid() }),
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      const personId = signedInPerson(request);
      await database.system(async (tx) => {
        const { rows } = await sql<{ name: string }>`
          delete from api_keys where key_id = ${request.params.keyId} and person_id = ${personId} returning name`.execute(
          tx,
        );
        if (!rows[0]) throw problems.notFound();
        await audit(tx, request.act, { action: 'api-key.delete', target: rows[0].name });
      });
      return reply.code(204).send();
    },
  );
};

const mostKeys = 50;
const countKeys = async (tx: Sql, personId: PersonId): Promise<number> =>
  (await sql<{ count: number }>`select count(*)::int as count from api_keys where person_id = ${personId}`.execute(tx))
    .rows[0]?.count ?? 0;
