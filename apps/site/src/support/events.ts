import type { Sql } from '@gatehouse/database';
import type { Json } from '@gatehouse/kernel';
import { sql } from 'kysely';

export type SupportEventType =
  | 'begun'
  | 'member_added'
  | 'member_departed'
  | 'owner_changed'
  | 'transferred'
  | 'attributes_set'
  | 'chat_message'
  | 'note_added'
  | 'file_sent'
  | 'file_received'
  | 'file_refused'
  | 'screen_started'
  | 'screen_stopped'
  | 'system_information'
  /** Of the machine of a Jump Client. */
  | 'shell_opened'
  | 'shell_closed'
  | 'machine_file_put'
  | 'machine_file_fetched'
  /** Of one that a customer lends to their session. */
  | 'machine_asked'
  | 'machine_refused'
  | 'machine_lent'
  | 'machine_returned'
  | 'ended'
  /** After the end, too. */
  | 'survey_completed';

/**
 * Bodies: `begun` {queue, issue} · `member_added`, `member_departed` {kind} · `owner_changed` {owner} · `transferred` {queue} ·
 * `attributes_set` {attributes} · `chat_message`, `note_added` {text} · `file_sent` {file, name, size, type, sha256} ·
 * `file_received` {file, name, size} · `file_refused` {name, size, reason} · `screen_started`, `screen_stopped` {recording, type} ·
 * `system_information` {categories: {name, fields: {name, value}[], rows: {name, value}[][]}[]} · `ended` {reason} ·
 * `shell_opened`, `shell_closed` {shell} · `machine_file_put`, `machine_file_fetched` {name, size} ·
 * `machine_asked`, `machine_refused`, `machine_lent` {machine, hostname} · `machine_returned` {machine, hostname, wasLent, reason?} ·
 * `survey_completed` {kind, answers: {name, label, type, options?, value}[]}. `file` and `recording` are ids of blobs. Where the site or
 * a program did it, `by` is its name.
 */
export interface NewSupportEvent {
  readonly type: SupportEventType;
  readonly at: Date;
  /** A participant; null: the site, or whom the body names. */
  readonly performedBy: number | null;
  readonly body?: Readonly<Record<string, Json>>;
}

/** What copies of the site listen to; a message is `{lsid, seq, type}`, or `{lsid, type: 'signal', id, to}` for what nobody keeps. */
export const supportChannel = 'support_events';

/**
 * Adds to what happened in a session, in the transaction of the change, with the next number of the session. Every copy of
 * the site is told at the commit. The session must be locked.
 */
export const addEvent = async (tx: Sql, lsid: string, event: NewSupportEvent): Promise<void> => {
  const { type, at, performedBy, body = {} } = event;
  await sql`
    with next as (update support_sessions set last_event = last_event + 1 where lsid = ${lsid} returning last_event as seq),
    added as (insert into support_events (lsid, seq, at, type, performed_by, body)
      select ${lsid}, seq, ${at}, ${type}, ${performedBy}, ${JSON.stringify(body)}::jsonb from next returning seq)
    select pg_notify(${supportChannel}, json_build_object('lsid', ${lsid}::text, 'seq', seq, 'type', ${type}::text)::text)
    from added`.execute(tx);
};

/** Consoles look anew, at the commit; nothing happened that reports or pages of the session would tell. */
export const tellConsoles = async (tx: Sql, lsid: string): Promise<void> => {
  await sql`select pg_notify(${supportChannel}, json_build_object('lsid', ${lsid}::text, 'type', 'invited')::text)`.execute(
    tx,
  );
};

export interface SupportEvent {
  readonly seq: number;
  readonly at: Date;
  readonly type: SupportEventType;
  readonly performedBy: number | null;
  readonly body: Readonly<Record<string, Json>>;
}

/** In order, those after `after`. */
export const listEvents = async (
  tx: Sql,
  lsid: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly SupportEvent[]> => {
  const { rows } = await sql<SupportEvent>`
    select seq, at, type, performed_by as "performedBy", body from support_events
    where lsid = ${lsid} and seq > ${after} order by seq limit ${limit}`.execute(tx);
  return rows;
};

/** Those of one kind, in order. */
export const listEventsOf = async (tx: Sql, lsid: string, type: SupportEventType): Promise<readonly SupportEvent[]> => {
  const { rows } = await sql<SupportEvent>`
    select seq, at, type, performed_by as "performedBy", body from support_events
    where lsid = ${lsid} and type = ${type} order by seq limit 10000`.execute(tx);
  return rows;
};
