import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { supportChannel } from '../events.ts';

export interface PassedSignal {
  readonly id: number;
  readonly lsid: string;
  readonly from: number;
  readonly to: number;
  /** `{"type":…}` as JSON, or a part of a screen behind a zero byte. */
  readonly body: Buffer;
}

/** Passes it to whichever copy has the page of `to`. Nobody keeps it: who is not there misses it. */
export const passSignal = async (
  tx: Sql,
  { lsid, from, to, body }: Omit<PassedSignal, 'id' | 'to'> & { readonly to: readonly number[] },
  at: Date,
): Promise<void> => {
  await sql`
    with passed as (
      insert into support_signals (lsid, from_gsnumber, to_gsnumber, at, body)
      select ${lsid}, ${from}, t.gsnumber, ${at}, ${body} from unnest(${to}::int[]) as t(gsnumber)
      returning signal_id as id, to_gsnumber as to)
    select pg_notify(${supportChannel},
      json_build_object('lsid', ${lsid}::text, 'type', 'signal', 'id', id::text, 'to', passed.to)::text)
    from passed order by id`.execute(tx);
};

/** To everybody else who is in the session. */
export const passToOthers = async (tx: Sql, signal: Omit<PassedSignal, 'id' | 'to'>, at: Date): Promise<void> => {
  const { rows } = await sql<{ to: number }>`
    select gsnumber as "to" from support_participants
    where lsid = ${signal.lsid} and left_at is null and gsnumber <> ${signal.from}`.execute(tx);
  await passSignal(tx, { ...signal, to: rows.map(({ to }) => to) }, at);
};

/** In the order they were passed. */
export const readSignals = async (tx: Sql, ids: readonly string[]): Promise<readonly PassedSignal[]> => {
  const { rows } = await sql<PassedSignal>`
    select signal_id as id, lsid, from_gsnumber as "from", to_gsnumber as "to", body from support_signals
    where signal_id = any(${ids}::bigint[]) order by signal_id`.execute(tx);
  return rows;
};

/** A signal that is older has missed its page. */
const keptMs = 60_000;

export const forgetSignals = async (tx: Sql, now: Date): Promise<void> => {
  await sql`delete from support_signals where at < ${new Date(now.getTime() - keptMs)}`.execute(tx);
};
