import type { Database, Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Participant, SupportEvent } from '../../support/index.ts';
import type { Choice } from '../choice.ts';
import { inPages, namedIn, orderOf, type Place, parseRows } from '../pages.ts';

const PlaceRow = z.object({ at: z.string(), seq: z.string() });
const Row = z.object({
  ...{ lsid: z.string(), lseq: z.coerce.number(), externalKey: z.string(), fields: z.record(z.string(), z.string()) },
  ...{ beganAt: z.date(), endedAt: z.date().nullable(), owner: z.int().nullable() },
  /** How much there is to read of it. */
  weight: z.int(),
  chatRemoved: z.boolean(),
  hasRecording: z.boolean(),
  place: PlaceRow,
});
export type SessionRow = z.output<typeof Row>;

const page = async (tx: Sql, choice: Choice, after: Place, limit: number): Promise<readonly SessionRow[]> => {
  const columns = { lsid: sql`s.lsid = any(${namedIn(choice)}::text[])`, start: sql`s.began_at`, end: sql`s.ended_at` };
  const { where, order, place } = orderOf(choice, columns, sql`s.lseq`, after);
  const { rows } = await sql`
    select s.lsid, s.lseq, s.external_key as "externalKey", s.attributes as fields, s.began_at as "beganAt",
      s.ended_at as "endedAt", s.owner, s.last_event + s.last_gsnumber as weight,
      s.chat_removed_at is not null as "chatRemoved", ${place} as place,
      exists (select from support_blobs b where b.lsid = s.lsid and b.kind = 'screen' and b.state <> 'arriving')
        or exists (select from support_shells h join recordings r on r.session_id = h.shell_id where h.lsid = s.lsid)
        as "hasRecording"
    from support_sessions s where ${where} ${choice.by === 'end' ? sql`and s.state = 'ended'` : sql``}
    order by ${order} limit ${limit}`.execute(tx);
  return parseRows(Row, rows);
};

const pageSize = 200;
/** Events and participants that are in memory at once. */
const mostWeight = 2_000;

/** Support sessions in the order they are reported. */
export const supportSessions = (database: Database, choice: Choice): AsyncGenerator<readonly SessionRow[]> =>
  inPages(pageSize, (after, limit) => database.read((tx) => page(tx, choice, after, limit)));

/** What a blob of a session was, while it is there. */
export interface BlobRow {
  readonly id: string;
  readonly kind: 'file' | 'screen';
}

/** A session with everything in it but its events, which may be many. */
export interface WholeSession {
  readonly session: SessionRow;
  readonly participants: readonly Participant[];
  readonly surveys: readonly SupportEvent[];
  readonly blobs: ReadonlyMap<string, BlobRow>;
  /** Ids of the shells of its machine whose recordings are there. */
  readonly shells: readonly string[];
  readonly files: number;
  /** Who owned it last, or owns it. */
  readonly owner: number | null;
  events(): AsyncGenerator<SupportEvent>;
}

export async function* wholeSessions(database: Database, choice: Choice): AsyncGenerator<WholeSession> {
  for await (const sessions of supportSessions(database, choice))
    for (const some of byWeight(sessions)) {
      const lsids = some.map(({ lsid }) => lsid);
      const isLight = some.reduce((sum, { weight }) => sum + weight, 0) <= mostWeight;
      const found = await database.read(async (tx) => {
        const [participants, facts, surveys, blobs, shells, events] = await Promise.all([
          participantsOf(tx, lsids),
          factsOf(tx, lsids),
          eventsOf(tx, lsids, sql`and type = 'survey_completed' order by lsid, seq`),
          blobsOf(tx, lsids),
          shellsOf(tx, lsids),
          isLight ? eventsOf(tx, lsids, sql`order by lsid, seq`) : null,
        ]);
        return { participants, facts, surveys, blobs, shells, events };
      });
      const { participants, facts, surveys, blobs, shells, events } = found;
      for (const session of some) {
        const { lsid } = session;
        const fact = facts.get(lsid);
        yield {
          ...{ session, participants: participants.get(lsid) ?? [], surveys: surveys.get(lsid) ?? [] },
          blobs: new Map((blobs.get(lsid) ?? []).map((one) => [one.id, one])),
          shells: (shells.get(lsid) ?? []).map(({ shell }) => shell),
          ...{ files: fact?.files ?? 0, owner: session.owner ?? fact?.owner ?? null },
          events: () => (events === null ? eventsInPages(database, lsid) : each(events.get(lsid) ?? [])),
        };
      }
    }
}

/** Together, sessions that are light; one that is not is read alone, in pages. */
function* byWeight(sessions: readonly SessionRow[]): Generator<readonly SessionRow[]> {
  let some: SessionRow[] = [];
  let sum = 0;
  for (const session of sessions) {
    if (some.length > 0 && sum + session.weight > mostWeight) {
      yield some;
      [some, sum] = [[], 0];
    }
    some.push(session);
    sum += session.weight;
  }
  if (some.length > 0) yield some;
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

const eventsPage = 500;

async function* eventsInPages(database: Database, lsid: string): AsyncGenerator<SupportEvent> {
  for (let after = 0; ; ) {
    const from = after;
    const found = await database.read((tx) =>
      eventsOf(tx, [lsid], sql`and seq > ${from} order by seq limit ${eventsPage}`),
    );
    const events = found.get(lsid) ?? [];
    yield* events;
    after = events.at(-1)?.seq ?? after;
    if (events.length < eventsPage) return;
  }
}

type Of<T> = ReadonlyMap<string, readonly T[]>;

const byLsid = <T>(rows: readonly (T & { readonly lsid: string })[]): Of<T> => Map.groupBy(rows, ({ lsid }) => lsid);

const participantsOf = async (tx: Sql, lsids: readonly string[]): Promise<Of<Participant>> => {
  const { rows } = await sql<Participant & { lsid: string }>`
    select lsid, gsnumber, client_id as "clientId", kind, user_id as "userId", username, name, company, issue, hostname,
      operating_system as "operatingSystem", address, joined_at as "joinedAt", left_at as "leftAt"
    from support_participants where lsid = any(${lsids}::text[]) order by lsid, gsnumber`.execute(tx);
  return byLsid(rows);
};

const eventsOf = async (
  tx: Sql,
  lsids: readonly string[],
  which: ReturnType<typeof sql>,
): Promise<Of<SupportEvent>> => {
  const { rows } = await sql<SupportEvent & { lsid: string }>`
    select lsid, seq, at, type, performed_by as "performedBy", body from support_events
    where lsid = any(${lsids}::text[]) ${which}`.execute(tx);
  return byLsid(rows);
};

const shellsOf = async (tx: Sql, lsids: readonly string[]) => {
  const { rows } = await sql<{ lsid: string; shell: string }>`
    select h.lsid, h.shell_id as shell from support_shells h join recordings r on r.session_id = h.shell_id
    where h.lsid = any(${lsids}::text[]) order by h.lsid, h.opened_at, h.shell_id`.execute(tx);
  return byLsid(rows);
};

const factsOf = async (tx: Sql, lsids: readonly string[]) => {
  const { rows } = await sql<{ lsid: string; files: number; owner: number | null }>`
    select lsid, count(*) filter (where type = 'file_sent')::int as files,
      (array_agg((body ->> 'owner')::int order by seq desc) filter (where type = 'owner_changed'))[1] as owner
    from support_events where lsid = any(${lsids}::text[]) and type in ('file_sent', 'owner_changed')
    group by lsid`.execute(tx);
  return new Map(rows.map((row) => [row.lsid, row]));
};

const blobsOf = async (tx: Sql, lsids: readonly string[]): Promise<Of<BlobRow>> => {
  const { rows } = await sql<BlobRow & { lsid: string }>`
    select lsid, blob_id as id, kind from support_blobs
    where lsid = any(${lsids}::text[]) and state <> 'arriving' order by lsid, began_at`.execute(tx);
  return byLsid(rows);
};
