import type { Database, Sql } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { supportChannel } from '../events.ts';

/** Something that a participant says. */
export interface Saying {
  readonly lsid: string;
  readonly gsnumber: number;
  /** Made by the page: said twice it stands there once. */
  readonly id: string;
  readonly text: string;
}

/** Words of many sessions, kept together: what comes while some are being kept waits for the next transaction. */
export interface Chats {
  /** Resolves once it is kept, for ever and for every copy; false: the session is over, or they are not in it. */
  say(saying: Saying): Promise<boolean>;
}

interface Waiting extends Saying {
  readonly at: Date;
  resolve(isKept: boolean): void;
  reject(error: unknown): void;
}

const mostAtOnce = 500;

export const openChats = ({ database, clock }: { readonly database: Database; readonly clock: Clock }): Chats => {
  let waiting: Waiting[] = [];
  let keeping = false;

  const keepAll = async (): Promise<void> => {
    if (keeping) return;
    keeping = true;
    while (waiting.length > 0) {
      const now = waiting.slice(0, mostAtOnce);
      waiting = waiting.slice(mostAtOnce);
      try {
        const kept = await database.system((tx) => keep(tx, now));
        for (const one of now) one.resolve(kept.has(`${one.lsid} ${one.id}`));
      } catch (error) {
        for (const one of now) one.reject(error);
      }
    }
    keeping = false;
  };

  return {
    say: (saying) =>
      new Promise((resolve, reject) => {
        waiting.push({ ...saying, at: clock.now(), resolve, reject });
        void keepAll();
      }),
  };
};

/** Keys of those that stand in their sessions now. */
const keep = async (tx: Sql, sayings: readonly Waiting[]): Promise<ReadonlySet<string>> => {
  const column = (of: (one: Waiting) => string | number | Date) => sayings.map(of);
  // Always in the same order, so that two copies never wait for each other.
  await sql`select from support_sessions where lsid = any(${column(({ lsid }) => lsid)}::text[]) and state <> 'ended'
    order by lsid for update`.execute(tx);
  // `limit` in what is looked up keeps it a look-up each, however few rows are thought to be in the tables.
  const { rows } = await sql<{ lsid: string; id: string }>`
    with said as (
      select distinct on (t.lsid, t.id) t.lsid, t.gsnumber, t.id, t.words, t.at, t.place
      from unnest(${column(({ lsid }) => lsid)}::text[], ${column(({ gsnumber }) => gsnumber)}::int[],
        ${column(({ id }) => id)}::text[], ${column(({ text }) => text)}::text[],
        ${column(({ at }) => at)}::timestamptz[]) with ordinality as t(lsid, gsnumber, id, words, at, place)
      order by t.lsid, t.id, t.place),
    known as (
      select said.*, old.performed_by as said_by, old.lsid is not null as stands
      from said left join lateral (select e.lsid, e.performed_by from support_events e
        where e.lsid = said.lsid and e.type = 'chat_message' and e.body->>'id' = said.id limit 1) old on true),
    fresh as (
      select known.*, s.last_event + row_number() over (partition by known.lsid order by known.place) as seq
      from known join support_sessions s on s.lsid = known.lsid and s.state <> 'ended'
      join lateral (select from support_participants p
        where p.lsid = known.lsid and p.gsnumber = known.gsnumber and p.left_at is null limit 1) present on true
      where not stands),
    counted as (
      update support_sessions s set last_event = f.last
      from (select lsid, max(seq) as last from fresh group by lsid) f where f.lsid = s.lsid),
    added as (
      insert into support_events (lsid, seq, at, type, performed_by, body)
      select lsid, seq, at, 'chat_message', gsnumber, jsonb_build_object('text', words, 'id', id) from fresh
      returning lsid, seq),
    told as (
      select pg_notify(${supportChannel},
        json_build_object('lsid', lsid, 'seq', max(seq), 'type', 'chat_message')::text) from added group by lsid)
    select lsid, id from fresh where (select count(*) from told) >= 0
    union all select lsid, id from known where stands and said_by = gsnumber`.execute(tx);
  return new Set(rows.map(({ lsid, id }) => `${lsid} ${id}`));
};
