import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { Author } from '../audit/index.ts';

/** A change of a credential that is under way. */
export interface Change {
  readonly credentialId: string;
  readonly jobId: number | null;
  readonly nextSecretId: string;
  /** What was current when it began, and may still be good on the system; null where nothing was. */
  readonly previousSecretId: string | null;
  readonly state: 'written' | 'sent' | 'made' | 'ending';
  readonly author: Author;
  readonly attempt: number;
}

/** A worker that has not said for this long that it lives has lost its changes. */
export const changeLeaseMs = 60_000;

const columns = sql`credential_id as "credentialId", job_id as "jobId", next_secret_id as "nextSecretId",
  previous_secret_id as "previousSecretId", state, author, attempt`;

export const findChange = async (tx: Sql, credentialId: string): Promise<Change | null> => {
  const { rows } = await sql<Change>`select ${columns} from changes where credential_id = ${credentialId}`.execute(tx);
  return rows[0] ?? null;
};

/** False where one is under way already. */
export const insertChange = async (
  tx: Sql,
  of: Omit<Change, 'state' | 'attempt'> & { readonly worker: string },
  at: Date,
): Promise<boolean> => {
  const { credentialId, jobId, nextSecretId, previousSecretId, author, worker } = of;
  const { rows } = await sql`
    insert into changes (credential_id, job_id, next_secret_id, previous_secret_id, state, author, worker, alive_at, begun_at)
    values (${credentialId}, ${jobId}, ${nextSecretId}, ${previousSecretId}, 'written', ${JSON.stringify(author)}::jsonb, ${worker}, ${at}, ${at})
    on conflict do nothing returning credential_id`.execute(tx);
  return rows.length > 0;
};

/** A step of it. False where another worker has it: whoever asks must not go on. */
export const moveChange = async (
  tx: Sql,
  of: { readonly credentialId: string; readonly worker: string },
  to: Pick<Change, 'state'>,
  at: Date,
): Promise<boolean> => {
  const { rows } = await sql`
    update changes set state = ${to.state}, alive_at = ${at}
    where credential_id = ${of.credentialId} and worker = ${of.worker} returning credential_id`.execute(tx);
  return rows.length > 0;
};

/**
 * Takes a change over from a worker that died, or was given back; null where it is held, is not due, or is not there.
 * Whatever the clock says, a worker does not take what it is at itself; and a time to come says that the clock was ahead.
 */
export const takeChange = async (
  tx: Sql,
  of: { readonly credentialId: string | null; readonly worker: string },
  at: Date,
): Promise<Change | null> => {
  const { rows } = await sql<Change>`
    update changes set worker = ${of.worker}, alive_at = ${at}, attempt = attempt + 1
    where credential_id = (
      select credential_id from changes
      where (alive_at < ${new Date(at.getTime() - changeLeaseMs)} or alive_at > ${new Date(at.getTime() + changeLeaseMs)})
        and (worker <> ${of.worker} or alive_at = 'epoch')
        and (${of.credentialId}::uuid is null or credential_id = ${of.credentialId})
        and (${of.credentialId}::uuid is not null or next_attempt_at is null or next_attempt_at <= ${at})
      order by alive_at limit 1 for update skip locked)
    returning ${columns}`.execute(tx);
  return rows[0] ?? null;
};

/** Says that the worker still is at it. */
export const keepChange = async (tx: Sql, credentialId: string, worker: string, at: Date): Promise<void> => {
  await sql`update changes set alive_at = ${at} where credential_id = ${credentialId} and worker = ${worker}`.execute(
    tx,
  );
};

/** Whether a worker that lives is changing it: until that is over nobody knows which of its secrets will be good. */
export const isBeingChanged = async (tx: Sql, credentialId: string, at: Date): Promise<boolean> => {
  const { rows } = await sql<{ is: boolean }>`
    select exists (select from changes where credential_id = ${credentialId}
      and alive_at between ${new Date(at.getTime() - changeLeaseMs)} and ${new Date(at.getTime() + changeLeaseMs)}) as "is"`.execute(
    tx,
  );
  return rows[0]?.is ?? false;
};

/** Gives a change back whose end is not known yet; somebody looks again at that time. */
export const deferChange = async (tx: Sql, credentialId: string, worker: string, until: Date): Promise<void> => {
  await sql`update changes set alive_at = 'epoch', next_attempt_at = ${until}
    where credential_id = ${credentialId} and worker = ${worker}`.execute(tx);
};

/** False where another worker has it, or has ended it and begun the next: whoever asks must not go on. */
export const deleteChange = async (tx: Sql, credentialId: string, worker: string): Promise<boolean> => {
  const { rows } = await sql`
    delete from changes where credential_id = ${credentialId} and worker = ${worker} returning credential_id`.execute(
    tx,
  );
  return rows.length > 0;
};
