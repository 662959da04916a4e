import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { cannedMessage } from '../api/support.ts';
import type { Kind } from '../objects/index.ts';

export const cannedMessages: Kind = {
  shape: cannedMessage,
  noun: 'canned-message',
  reads: 'canned_messages',
  writes: 'canned_messages',
  search: ['title', 'message'],
  narrows: ['team_id'],
};

/** Everybody's, and those of some teams. */
export const listCannedFor = async (tx: Sql, teams: readonly number[]) => {
  const { rows } = await sql<{ id: number; title: string; message: string }>`
    select id, title, message from canned_messages where team_id is null or team_id = any(${teams}::int[])
    order by lower(title), id limit 1000`.execute(tx);
  return rows;
};
