import type { Sql } from '@gatehouse/database';
import { type Act, Problem, problems } from '@gatehouse/server';
import { sql } from 'kysely';
import { z } from 'zod';
import type { SessionRules } from '../api/console.ts';
import {
  findLentMachine,
  findSession,
  type Member,
  requireMember,
  requirePast,
  requireRepresentative,
} from '../support/index.ts';
import { findMachineRules, isRecorded } from './session.ts';

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
}

/** @throws Problem 404 for whoever is not in the session, and for one with a person who lends no machine */
export const requireMachine = async (tx: Sql, by: Act, lsid: string): Promise<Machine> =>
  machineFor(tx, await requireMember(tx, await requireRepresentative(tx, by), lsid));

/** The same, also to whoever was in it: only to be looked at. */
export const requirePastMachine = async (tx: Sql, by: Act, lsid: string): Promise<Machine> =>
  machineFor(tx, await requirePast(tx, await requireRepresentative(tx, by), lsid));

const machineFor = async (tx: Sql, member: Member): Promise<Machine> => {
  const { lsid } = member;
  const id = await findMachineOf(tx, lsid);
  const { rows } = await sql`
    select id, name, status, is_locked as "isLocked", session_policy_id as "sessionPolicyId", allows_shell as shell,
      allows_files as files from pinned_jump_clients where id = ${id}`.execute(tx);
  if (id === null || rows[0] === undefined) throw problems.notFound();
  const client = Row.parse(rows[0]);
  const rules = await findMachineRules(tx, client.sessionPolicyId);
  return { member, client, rules, isRecorded: await isRecorded(tx, id) };
};

/** The Jump Client that is the customer of a session, or that its customer lends; null: there is none. */
const findMachineOf = async (tx: Sql, lsid: string): Promise<number | null> => {
  const own = (await findSession(tx, lsid))?.jumpClientId ?? null;
  if (own !== null) return own;
  const lent = await findLentMachine(tx, lsid);
  return lent?.isLent === true ? lent.clientId : null;
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
  return (await findMachineOf(tx, lsid)) === client.id
    ? null
    : 'The machine is not connected to this session any more.';
};
