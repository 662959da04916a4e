import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Thresholds } from '../rules/index.ts';

const Stored = z.object({
  dormantDays: z.number().int().min(1).max(730).catch(60),
  maximumSuperAdmins: z.number().int().min(1).max(100).catch(5),
});

/** What the tenant of the transaction has set, or what holds until it does. */
export const readThresholds = async (tx: Sql, now: Date): Promise<Thresholds> => {
  const { rows } = await sql<{ settings: unknown }>`select settings from tenants`.execute(tx);
  return { now, ...Stored.parse(rows[0]?.settings ?? {}) };
};
