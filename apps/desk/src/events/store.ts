import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { EventList, EventsQuery } from '../api/events.ts';
import { readPage } from '../paging.ts';

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
  { connectionId, problems, ...asked }: EventsQuery,
): Promise<z.output<typeof EventList>> => {
  const page = await readPage<Row>(
    tx,
    {
      ...{ columns, from: sql`inbound_events`, newestFirst: true, scope: ['events', connectionId ?? null, problems] },
      where: sql`(${connectionId ?? null}::uuid is null or connection_id = ${connectionId ?? null}::uuid)
        and (${problems} = 'false' or problem <> '')`,
      order: [
        { column: sql`received_at`, type: 'timestamptz' },
        { column: sql`event_id`, type: 'uuid' },
      ],
    },
    asked,
  );
  return { ...page, items: page.items.map((row) => ({ ...row, receivedAt: row.receivedAt.toISOString() })) };
};

export const findEvent = async (tx: Sql, eventId: string): Promise<Row | null> => {
  const { rows } = await sql<Row>`select ${columns} from inbound_events where event_id = ${eventId}::uuid`.execute(tx);
  return rows[0] ?? null;
};
