import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { EventList, EventsQuery } from '../api/events.ts';

interface Row {
  readonly eventId: string;
  readonly connectionId: string;
  readonly receivedAt: Date;
  readonly sender: string;
  readonly event: string;
  readonly lsid: string;
  readonly parameters: Record<string, string>;
  readonly problem: string;
}

const columns = sql`event_id as "eventId", connection_id as "connectionId", received_at as "receivedAt", sender, event, lsid,
  parameters, problem`;

export const listEvents = async (
  tx: Sql,
  { connectionId, cursor, limit, problems }: EventsQuery,
): Promise<z.output<typeof EventList>> => {
  const { rows } = await sql<Row>`
    select ${columns} from inbound_events
    where (${connectionId ?? null}::uuid is null or connection_id = ${connectionId ?? null}::uuid)
      and (${cursor ?? null}::timestamptz is null or received_at < ${cursor ?? null}::timestamptz)
      and (${problems} = 'false' or problem <> '')
    order by received_at desc, event_id limit ${limit + 1}`.execute(tx);
  const shown = rows.slice(0, limit);
  return {
    items: shown.map((row) => ({ ...row, receivedAt: row.receivedAt.toISOString() })),
    next: rows.length > limit ? (shown.at(-1)?.receivedAt.toISOString() ?? null) : null,
  };
};

export const findEvent = async (tx: Sql, eventId: string): Promise<Row | null> => {
  const { rows } = await sql<Row>`select ${columns} from inbound_events where event_id = ${eventId}::uuid`.execute(tx);
  return rows[0] ?? null;
};
