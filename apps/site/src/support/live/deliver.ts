import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { LiveEvent } from '../../api/live.ts';
import type { Connection } from './connection.ts';
import { findLive } from './views.ts';

/** What customers see of what happened; the rest is between representatives. */
const forCustomers: ReadonlySet<string> = new Set([
  ...['begun', 'member_added', 'member_departed', 'owner_changed', 'transferred', 'chat_message'],
  ...['file_sent', 'file_received', 'file_refused', 'screen_started', 'screen_stopped', 'ended'],
  // It is their machine.
  ...['machine_asked', 'machine_refused', 'machine_lent', 'machine_returned'],
  ...['shell_opened', 'shell_closed', 'machine_file_put', 'machine_file_fetched'],
]);
/** What changes nothing about who is in it, and how it stands. */
const onlyWords: ReadonlySet<string> = new Set([
  ...['chat_message', 'note_added', 'file_received', 'system_information'],
  ...['shell_opened', 'shell_closed', 'machine_file_put', 'machine_file_fetched'],
]);

interface Row extends LiveEvent {
  readonly lsid: string;
}

const mostAtOnce = 5_000;

/** Sends each what it has not heard. True: there is more. */
export const deliverEvents = async (tx: Sql, connections: readonly Connection[]): Promise<boolean> => {
  const after = new Map<string, number>();
  for (const { lsid, last } of connections) after.set(lsid, Math.min(last, after.get(lsid) ?? last));
  // A look-up for each session: joined to all events, those of every session would be read for the few that are new.
  const { rows } = await sql<Row & { at: Date }>`
    select s.lsid, e.*
    from unnest(${[...after.keys()]}::text[], ${[...after.values()]}::int[]) as s(lsid, after)
    cross join lateral (select e.seq, e.at, e.type, e.performed_by as "performedBy", e.body from support_events e
      where e.lsid = s.lsid and e.seq > s.after order by e.seq limit ${mostAtOnce}) e
    order by s.lsid, e.seq limit ${mostAtOnce}`.execute(tx);
  const bySession = Map.groupBy(rows, ({ lsid }) => lsid);
  const isNew = connections.filter(({ last }) => last === 0).map(({ lsid }) => lsid);
  const changed = [...bySession]
    .filter(([, events]) => events.some(({ type }) => !onlyWords.has(type)))
    .map(([lsid]) => lsid);
  const views = await findLive(tx, [...new Set([...isNew, ...changed])]);
  for (const connection of connections) {
    const events = (bySession.get(connection.lsid) ?? []).filter(({ seq }) => seq > connection.last);
    const last = events.at(-1)?.seq ?? connection.last;
    const isFirst = connection.last === 0;
    connection.last = last;
    const view = views.get(connection.lsid);
    const shown = events.filter(({ type }) => connection.kind === 'representative' || forCustomers.has(type));
    if (view !== undefined && (isFirst || events.some(({ type }) => !onlyWords.has(type))))
      connection.hear({ type: 'session', you: connection.gsnumber, session: view[connection.kind] });
    if (shown.length > 0) connection.hear({ type: 'events', events: shown.map((event) => toLive(event, connection)) });
  }
  return rows.length === mostAtOnce;
};

const toLive = ({ lsid: _, ...event }: Row & { at: Date }, { kind }: Connection): LiveEvent => {
  const at = event.at.toISOString();
  if (kind === 'representative') return { ...event, at };
  // Names of queues, and of those who are not in the session, are nobody's business outside.
  const { queue: _queue, by: _by, issue: _issue, ...body } = event.body;
  return { ...event, at, body };
};
