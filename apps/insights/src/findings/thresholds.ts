import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { Thresholds } from '../rules/index.ts';
import { KeptSettings } from '../tenants/index.ts';

/** What the tenant of the transaction has set, or what holds until it does. */
export const readThresholds = async (tx: Sql, now: Date): Promise<Thresholds> => {
  const { rows } = await sql<{ settings: unknown }>`select settings from tenants`.execute(tx);
  const { dormantDays, maximumSuperAdmins } = KeptSettings.parse(rows[0]?.settings ?? {});
  return { now, dormantDays, maximumSuperAdmins };
};
