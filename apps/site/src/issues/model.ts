import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { supportIssue } from '../api/support.ts';
import { codeNamed, type Kind } from '../objects/index.ts';

export const supportIssues: Kind = {
  shape: supportIssue,
  noun: 'support-issue',
  reads: 'support_issues',
  writes: 'support_issues',
  search: ['description', 'code_name'],
  narrows: ['team_id'],
  complete: codeNamed('support_issues', 'description'),
};

export interface Issue {
  readonly id: number;
  readonly codeName: string;
  readonly description: string;
  /** Null: the general queue. */
  readonly teamId: number | null;
  readonly priority: number;
}

export const listIssues = async (tx: Sql): Promise<readonly Issue[]> => {
  const { rows } = await sql<Issue>`
    select id, code_name as "codeName", description, team_id as "teamId", priority from support_issues
    order by id limit 10000`.execute(tx);
  return rows;
};

export const findIssue = async (tx: Sql, codeName: string): Promise<Issue | null> => {
  const { rows } = await sql<Issue>`
    select id, code_name as "codeName", description, team_id as "teamId", priority from support_issues
    where lower(code_name) = lower(${codeName})`.execute(tx);
  return rows[0] ?? null;
};
