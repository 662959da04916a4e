import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { z } from 'zod';
import type { KeptCaveat } from '../connections/index.ts';

/** The generation that came last of a stream; null when nothing did. */
export const findPlace = async (
  tx: Sql,
  tenantId: TenantId,
  connectionId: string,
  stream: string,
): Promise<{ readonly generation: number } | null> => {
  const { rows } = await sql<{ generation: number }>`
    select generation from stream_places
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and stream = ${stream} and generation > 0`.execute(
    tx,
  );
  return rows[0] ?? null;
};

const Caveats = z.array(
  z.object({ stream: z.string(), caveats: z.array(z.object({ code: z.string(), advice: z.string() })) }),
);

/** What the collector said of its newest whole reads. */
export const listCaveats = async (
  tx: Sql,
  tenantId: TenantId,
  connectionId: string,
): Promise<readonly KeptCaveat[]> => {
  const { rows } = await sql`
    select stream, caveats from stream_places
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and caveats <> '[]' order by stream`.execute(tx);
  return Caveats.parse(rows).flatMap(({ stream, caveats }) => caveats.map((caveat) => ({ ...caveat, stream })));
};
