import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { SessionRules } from '../api/console.ts';

/** The policy that holds where no other one is chosen. */
const defaultPolicy = 1;

/** Null: there is no such session policy. */
export const findRules = async (tx: Sql, sessionPolicyId: number | null): Promise<SessionRules | null> => {
  const { rows } = await sql<{ rules: unknown }>`
    select rules from session_policies where id = ${sessionPolicyId ?? defaultPolicy}`.execute(tx);
  return rows[0] === undefined ? null : SessionRules.parse(rows[0].rules);
};

export const saveRules = async (tx: Sql, sessionPolicyId: number, rules: SessionRules): Promise<void> => {
  await sql`update session_policies set rules = ${JSON.stringify(rules)}::jsonb where id = ${sessionPolicyId}`.execute(
    tx,
  );
};
