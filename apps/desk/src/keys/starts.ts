import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';

/** That somebody begins a session from a ticket, by a key or with a Jump Client. */
export const saveStart = async (
  tx: Sql,
  of: { readonly connectionId: string; readonly ticketId: string; readonly number: string; readonly at: Date },
): Promise<void> => {
  await sql`
    insert into ticket_starts (connection_id, ticket_id, number, at)
    values (${of.connectionId}, ${of.ticketId}, ${of.number}, ${of.at})
    on conflict (connection_id, ticket_id) do update set number = excluded.number, at = excluded.at`.execute(tx);
};

/** Whether a session was begun from a ticket here, and whether from one with this number of another desk of the same site. */
export const findStarts = async (
  tx: Sql,
  of: {
    readonly connectionId: string;
    readonly siteId: string;
    /** Null: the key names no ticket here. */
    readonly ticketId: string | null;
    readonly key: string;
  },
): Promise<{ readonly here: boolean; readonly elsewhere: boolean }> => {
  const { rows } = await sql<{ here: boolean; elsewhere: boolean }>`
    select exists (select from ticket_starts where connection_id = ${of.connectionId}
        and (ticket_id = ${of.ticketId}::text or lower(number) = lower(${of.key}))) as here,
      exists (select from ticket_starts s join desk_connections c on c.connection_id = s.connection_id
        where c.site_id = ${of.siteId} and c.connection_id <> ${of.connectionId}
          and lower(s.number) = lower(${of.key})) as elsewhere`.execute(tx);
  return rows[0] ?? { here: false, elsewhere: false };
};
