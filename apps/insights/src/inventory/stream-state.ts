import type { Bulk } from '@gatehouse/database';
import type { Cursor } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { packRanges } from './seen-ranges.ts';

/** Whose records they are. */
export interface Origin {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly stream: string;
}

/** Where a stream stands in the database. */
export interface StreamState {
  readonly cursor: Cursor | null;
  readonly midway: boolean;
  readonly fullReadAt: Date | null;
  readonly generation: number;
  /** Commits of the generation; whoever does not know this number was overtaken by another run. */
  readonly pages: number;
}

const owner = ({ tenantId, connectionId, stream }: Origin) => [tenantId, connectionId, stream];

export const readState = async (bulk: Bulk, origin: Origin): Promise<StreamState> => {
  const { rows } = await bulk.query<StreamState>(
    `select cursor, midway, full_read_at as "fullReadAt", generation, pages from stream_states
     where tenant_id = $1 and connection_id = $2 and stream = $3`,
    owner(origin),
  );
  return rows[0] ?? { cursor: null, midway: false, fullReadAt: null, generation: 0, pages: 0 };
};

/** Opens a generation: forgets the cursor and what an unfinished one saw. */
export const beginRead = async (bulk: Bulk, origin: Origin): Promise<void> => {
  await bulk.query(
    `insert into stream_states (tenant_id, connection_id, stream, midway, generation) values ($1, $2, $3, true, 1)
     on conflict (tenant_id, connection_id, stream) do update
     set midway = true, cursor = null, pages = 0, generation = stream_states.generation + 1`,
    owner(origin),
  );
  await forgetSeen(bulk, origin);
};

/** Moves on by one page, in the transaction of its records. */
export const advance = async (
  bulk: Bulk,
  origin: Origin,
  state: StreamState,
  page: { readonly cursor: Cursor | null; readonly seen: readonly number[]; readonly records: number },
): Promise<StreamState> => {
  // A commit that is not waited for is lost only when the database itself crashes, and then with its cursor: the run
  // resumes a page earlier. The end of a read is waited for.
  const moved = await bulk.query(
    `with moved as (
       insert into stream_states as state (tenant_id, connection_id, stream, cursor, pages, records, last_read_at)
       values ($1, $2, $3, $4, 1, $7, now())
       on conflict (tenant_id, connection_id, stream) do update
       set cursor = $4, pages = state.pages + 1, records = state.records + $7, last_read_at = now()
       where state.generation = $5 and state.pages = $6
       returning midway, pages
     ), noted as (
       insert into seen_pages (tenant_id, connection_id, stream, page, ranges)
       select $1, $2, $3, pages, $8 from moved where midway
     )
     select set_config('synchronous_commit', 'off', true) from moved`,
    [...owner(origin), page.cursor, state.generation, state.pages, page.records, packRanges(page.seen)],
  );
  if (moved.count !== 1) throw overtaken();
  return { ...state, cursor: page.cursor, pages: state.pages + 1 };
};

/** Closes the generation, if one is open. `records` is what a full read saw; null leaves the count as it is. */
export const endRead = async (
  bulk: Bulk,
  origin: Origin,
  state: StreamState,
  watermark: Cursor | null,
  records: number | null,
): Promise<void> => {
  const ended = await bulk.query(
    `insert into stream_states as state (tenant_id, connection_id, stream, cursor, last_read_at)
     values ($1, $2, $3, $4, now())
     on conflict (tenant_id, connection_id, stream) do update
     set cursor = $4, midway = false, pages = 0, last_read_at = now(), records = coalesce($7, state.records),
       full_read_at = case when state.midway then now() else state.full_read_at end
     where state.generation = $5 and state.pages = $6`,
    [...owner(origin), watermark, state.generation, state.pages, records],
  );
  if (ended.count !== 1) throw overtaken();
  await forgetSeen(bulk, origin);
};

const forgetSeen = (bulk: Bulk, origin: Origin) =>
  bulk.query('delete from seen_pages where tenant_id = $1 and connection_id = $2 and stream = $3', owner(origin));

const overtaken = (): Fault =>
  new Fault('unexpected', 'Another run of this connection has taken over. This one was stopped.');
