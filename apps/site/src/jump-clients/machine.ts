import type { Sql } from '@gatehouse/database';
import { type Act, Problem, problems } from '@gatehouse/server';
import { sql } from 'kysely';
import { z } from 'zod';
import type { SessionRules } from '../api/console.ts';
import { findHeldRules } from '../conditions/index.ts';
import {
  findMachine,
  type Member,
  type Rights,
  requireMember,
  requirePast,
  requireRepresentative,
} from '../support/index.ts';

const Row = z.object({
  id: z.int(),
  name: z.string(),
  status: z.enum(['online', 'offline']),
  isLocked: z.boolean(),
  sessionPolicyId: z.int().nullable(),
  shell: z.boolean(),
  files: z.boolean(),
});

/** The machine of a session, to somebody who is in it. */
export interface Machine {
  readonly member: Member;
  readonly client: z.output<typeof Row>;
  readonly rules: SessionRules;
  readonly isRecorded: boolean;
  /** When the site ends it. */
  readonly limitAt: Date | null;
}

/** @throws Problem 404 for whoever is not in the session, and for one with a person who lends no machine */
export const requireMachine = async (tx: Sql, by: Act, lsid: string): Promise<Machine> => {
  const rights = await requireRepresentative(tx, by);
  return machineFor(tx, rights, await requireMember(tx, rights, lsid));
};

/** The same, also to whoever was in it: only to be looked at. */
export const requirePastMachine = async (tx: Sql, by: Act, lsid: string): Promise<Machine> => {
  const rights = await requireRepresentative(tx, by);
  return machineFor(tx, rights, await requirePast(tx, rights, lsid));
};

const machineFor = async (tx: Sql, { userId }: Rights, member: Member): Promise<Machine> => {
  const held = await findMachine(tx, member.lsid);
  if (held === null) throw problems.notFound();
  const { clientId: id, isRecorded, limitAt } = held;
  const { rows } = await sql`
    select id, name, status, is_locked as "isLocked", session_policy_id as "sessionPolicyId", allows_shell as shell,
      allows_files as files from pinned_jump_clients where id = ${id}`.execute(tx);
  if (rows[0] === undefined) throw problems.notFound();
  const client = Row.parse(rows[0]);
  return { member, client, rules: await findHeldRules(tx, client.sessionPolicyId, userId), isRecorded, limitAt };
};

/** Why somebody may not go on with what they have open on a machine; null: they may. */
export const whyNot = async (tx: Sql, by: Act, { member, client }: Machine): Promise<string | null> => {
  const { lsid } = member;
  const isIn = await requireRepresentative(tx, by)
    .then((rights) => requireMember(tx, rights, lsid))
    .then(() => true)
    .catch((error: unknown) => {
      if (error instanceof Problem) return false;
      throw error;
    });
  if (!isIn) return 'You are not in this session any more.';
  return (await findMachine(tx, lsid))?.clientId === client.id
    ? null
    : 'The machine is not connected to this session any more.';
};
