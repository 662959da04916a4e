import type { Sql } from '@gatehouse/database';
import type { Secret } from '@gatehouse/kernel';
import type { ScriptAction } from '@gatehouse/remote-access/script';
import { hashToken } from '@gatehouse/server';
import { sql } from 'kysely';
import { z } from 'zod';

export interface ConsoleLink extends ScriptAction {
  readonly madeBy: string;
}
const Row = z.object({ action: z.string(), parameters: z.record(z.string(), z.string()), madeBy: z.string() });

/** Old ones go with every new one: nobody can use them. */
export const saveLink = async (
  tx: Sql,
  token: Secret,
  of: ConsoleLink & { readonly userId: number; readonly expiresAt: Date; readonly at: Date },
): Promise<void> => {
  await sql`delete from console_links where expires_at < ${new Date(of.at.getTime() - 86_400_000)}`.execute(tx);
  await sql`insert into console_links (token_hash, user_id, action, parameters, made_by, expires_at)
    values (${hashToken(token.reveal())}, ${of.userId}, ${of.action}, ${JSON.stringify(of.parameters)}::jsonb, ${of.madeBy},
      ${of.expiresAt})`.execute(tx);
};

const columns = sql`action, parameters, made_by as "madeBy"`;
const isOpen = (token: string, userId: number, now: Date) =>
  sql`token_hash = ${hashToken(token)} and user_id = ${userId} and used_at is null and expires_at > ${now}`;

/** Null: it is nobody's, another user's, used or over; nobody is told which. */
export const findLink = async (tx: Sql, token: string, userId: number, now: Date): Promise<ConsoleLink | null> => {
  const { rows } = await sql`select ${columns} from console_links where ${isOpen(token, userId, now)}`.execute(tx);
  return rows[0] === undefined ? null : Row.parse(rows[0]);
};

/** The same, and nobody uses it again. */
export const useLink = async (tx: Sql, token: string, userId: number, now: Date): Promise<ConsoleLink | null> => {
  const { rows } = await sql`update console_links set used_at = ${now} where ${isOpen(token, userId, now)}
    returning ${columns}`.execute(tx);
  return rows[0] === undefined ? null : Row.parse(rows[0]);
};
