import type { Database, Sql } from '@gatehouse/database';
import { Fault, newId, type Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { Envelope, Sealed } from './envelope.ts';

/** Seals a secret into the caller's transaction; answers its id. `place` says to what it belongs: `credential/<id>`. */
export const putSecret = async (
  tx: Sql,
  envelope: Envelope,
  of: { readonly secret: Secret; readonly place: string; readonly at: Date },
): Promise<string> => {
  const [id = ''] = await putSecrets(tx, envelope, [of], of.at);
  return id;
};

/** Many at once; answers their ids in the same order. */
export const putSecrets = async (
  tx: Sql,
  envelope: Envelope,
  of: readonly { readonly secret: Secret; readonly place: string }[],
  at: Date,
): Promise<readonly string[]> => {
  const rows = of.map(({ secret, place }) => ({
    ...{ id: newId<string>(at.getTime()), place },
    ...envelope.seal(secret, place),
  }));
  await sql`insert into secrets (secret_id, place, wrapped_key, sealed, created_at)
    select id, place, wrapped_key, sealed, ${at} from unnest(${rows.map(({ id }) => id)}::uuid[],
      ${rows.map(({ place }) => place)}::text[], ${rows.map(({ wrappedKey }) => wrappedKey)}::text[],
      ${rows.map(({ sealed }) => sealed)}::text[]) r (id, place, wrapped_key, sealed)`.execute(tx);
  return rows.map(({ id }) => id);
};

/** @throws Fault `misconfigured` where it is not there, was changed, or belongs to something else */
export const openSecret = async (tx: Sql, envelope: Envelope, secretId: string, place: string): Promise<Secret> => {
  const { rows } = await sql<Sealed>`
    select wrapped_key as "wrappedKey", sealed from secrets where secret_id = ${secretId}`.execute(tx);
  const [row] = rows;
  if (row === undefined)
    throw new Fault('misconfigured', 'A stored secret is not there any more. Store it again.', `secret of ${place}`);
  return envelope.open(row, place);
};

/** Many at once, by their ids. @throws Fault as `openSecret` */
export const openSecrets = async (
  tx: Sql,
  envelope: Envelope,
  of: readonly { readonly secretId: string; readonly place: string }[],
): Promise<ReadonlyMap<string, Secret>> => {
  const places = new Map(of.map(({ secretId, place }) => [secretId, place]));
  const { rows } = await sql<Sealed & { id: string }>`
    select secret_id as id, wrapped_key as "wrappedKey", sealed from secrets
    where secret_id = any(${[...places.keys()]}::uuid[])`.execute(tx);
  return new Map(rows.map(({ id, ...sealed }) => [id, envelope.open(sealed, places.get(id) ?? '')]));
};

export const deleteSecrets = async (tx: Sql, secretIds: readonly string[]): Promise<void> => {
  await sql`delete from secrets where secret_id = any(${[...secretIds]}::uuid[])`.execute(tx);
};

/**
 * Wraps every data key by the current master key, some hundred at a time while everything goes on. Answers how many were
 * wrapped anew. Once none is left the older master keys can be taken away.
 */
export const rewrapAll = async (
  database: Database,
  envelope: Envelope,
  signal: AbortSignal,
): Promise<{ readonly rewrapped: number; readonly failed: number }> => {
  const done = { rewrapped: 0, failed: 0 };
  for (let after: string | null = null; ; ) {
    signal.throwIfAborted();
    const last: string | null = await database.system(async (tx) => {
      const { rows } = await sql<{ id: string; place: string; wrappedKey: string }>`
        select secret_id as id, place, wrapped_key as "wrappedKey" from secrets
        where ${after}::uuid is null or secret_id > ${after}::uuid order by secret_id limit 500 for update`.execute(tx);
      for (const { id, place, wrappedKey } of rows) {
        if (!envelope.isStale({ wrappedKey })) continue;
        const wrapped = tryTo(() => envelope.rewrap({ wrappedKey }, place));
        if (wrapped === null) done.failed += 1;
        else {
          await sql`update secrets set wrapped_key = ${wrapped} where secret_id = ${id}`.execute(tx);
          done.rewrapped += 1;
        }
      }
      return rows.at(-1)?.id ?? null;
    });
    if (last === null) return done;
    after = last;
  }
};

/** One that was damaged must not keep the others from being wrapped; it is counted. */
const tryTo = (make: () => string): string | null => {
  try {
    return make();
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
};
