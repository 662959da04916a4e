import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';

export type RecordingFormat = 'asciicast' | 'desktop';

export interface Recording {
  readonly sessionId: string;
  readonly format: RecordingFormat;
  readonly sealedKey: string;
  readonly state: 'running' | 'kept' | 'broken';
  readonly chunks: number;
  readonly startedAt: Date;
}

export const insertRecording = async (
  tx: Sql,
  { sessionId, format, sealedKey, startedAt }: Pick<Recording, 'sessionId' | 'format' | 'sealedKey' | 'startedAt'>,
): Promise<void> => {
  await sql`insert into recordings (session_id, format, sealed_key, started_at)
    values (${sessionId}, ${format}, ${sealedKey}, ${startedAt})`.execute(tx);
};

/** Said twice it is the same: after an outage nobody knows whether the first one arrived. */
export const insertChunk = async (
  tx: Sql,
  { sessionId, seq, content, bytes }: { sessionId: string; seq: number; content: Buffer; bytes: number },
): Promise<void> => {
  await sql`
    with added as (
      insert into recording_chunks (session_id, seq, content) values (${sessionId}, ${seq}, ${content})
      on conflict do nothing returning seq)
    update recordings set bytes = bytes + ${bytes}, chunks = ${seq} + 1
    where session_id = ${sessionId} and exists (select from added)`.execute(tx);
};

export const endRecording = async (tx: Sql, sessionId: string, state: 'kept' | 'broken'): Promise<void> => {
  await sql`update recordings set state = ${state}, ended_at = now()
    where session_id = ${sessionId} and state = 'running'`.execute(tx);
};

export const findRecording = async (tx: Sql, sessionId: string): Promise<Recording | null> => {
  const { rows } = await sql<Recording>`
    select session_id as "sessionId", format, sealed_key as "sealedKey", state, chunks, started_at as "startedAt"
    from recordings where session_id = ${sessionId}`.execute(tx);
  return rows[0] ?? null;
};

export const listChunks = async (
  tx: Sql,
  sessionId: string,
  from: number,
  limit: number,
): Promise<readonly { readonly seq: number; readonly content: Buffer }[]> => {
  const { rows } = await sql<{ seq: number; content: Buffer }>`
    select seq, content from recording_chunks where session_id = ${sessionId} and seq >= ${from}
    order by seq limit ${limit}`.execute(tx);
  return rows;
};
