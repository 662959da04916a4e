import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { z } from 'zod';

/** What is known of whoever reads a stream of a connection. */
export interface Heard {
  readonly host: string;
  /** It is reading the stream, or has just been asked to. */
  readonly isAtIt: boolean;
  /** Milliseconds since its last word. */
  readonly silentMs: number;
}

/** A wish that was not heard within this time is no reason to wait. */
const wishMs = 45_000;
/** A collector that reports less often than this has something else to do than to read. */
const aliveMs = 120_000;

const Row = z.object({
  host: z.string(),
  lastContactAt: z.date(),
  state: z.string().nullable(),
  wantedAt: z.coerce.date().nullable(),
});

/** Null: nobody reads it. */
export const listenTo = async (
  tx: Sql,
  tenantId: TenantId,
  home: string,
  stream: string,
  now: Date,
): Promise<Heard | null> => {
  const { rows } = await sql`
    select k.host, k.last_contact_at as "lastContactAt", s.wanted ->> ${stream} as "wantedAt",
      (select said ->> 'state' from jsonb_array_elements(k.hello -> 'streams') said where said ->> 'stream' = ${stream} limit 1)
        as state
    from collector_sources s
    join collectors k on k.tenant_id = s.tenant_id and k.connection_id = coalesce(s.holder, s.home)
    where s.tenant_id = ${tenantId} and s.home = ${home} and starts_with(${stream}, s.kind || '-')
      and k.last_contact_at is not null limit 1`.execute(tx);
  if (rows[0] === undefined) return null;
  const { host, lastContactAt, state, wantedAt } = Row.parse(rows[0]);
  const silentMs = now.getTime() - lastContactAt.getTime();
  const isWanted = wantedAt !== null && now.getTime() - wantedAt.getTime() < wishMs;
  return { host, silentMs, isAtIt: silentMs < aliveMs && (state === 'reading' || isWanted) };
};
