import type { Sql } from '@gatehouse/database';
import { audit, problems } from '@gatehouse/server';
import { sql } from 'kysely';
import { z } from 'zod';
import type { SessionRules } from '../api/console.ts';
import { findRules } from '../session-rules/index.ts';
import {
  askForMachine,
  beginSession,
  type Change,
  findQueue,
  joinSession,
  noteMachineInformation,
  type Rights,
  requireMember,
} from '../support/index.ts';
import { type FoundClient, findJumpClients } from './find.ts';

/**
 * Begins a support session whose customer is the machine of a Jump Client, with this representative in it. Resolves with
 * its lsid. @throws Problem 404 for what they do not reach, 403 for what they may not now, 409 where it is not there
 */
export const startJumpClientSession = async (change: Change, rights: Rights, clientId: number): Promise<string> => {
  const { tx, by } = change;
  const { name, hostname, operatingSystem, publicIp } = await requireClient(change, rights, clientId);
  const { lsid, gsnumber } = await beginSession(
    change,
    {
      ...(await findQueue(tx, { type: 'rep', id: rights.userId })),
      ...{ correlationId: by.correlationId, attributes: { externalKey: '', fields: {} }, jumpClientId: clientId },
    },
    { name, hostname, operatingSystem, address: publicIp ?? '', company: '', issue: '' },
  );
  const session = await joinSession(change, lsid, rights);
  if (session !== null) await noteMachineInformation(change, session, gsnumber, clientId);
  await noteAccess(change, { id: clientId, name, lsid });
  return lsid;
};

/**
 * Asks the customer of a session for their machine, on which a Jump Client is. @throws Problem as where a session with it
 * is started, Refusal
 */
export const askForJumpClient = async (
  change: Change,
  rights: Rights,
  lsid: string,
  clientId: number,
): Promise<void> => {
  const member = await requireMember(change.tx, rights, lsid);
  const { name, hostname } = await requireClient(change, rights, clientId, member.lsid);
  await askForMachine(change, member, { clientId, name, hostname });
  await noteAccess(change, { id: clientId, name, lsid: member.lsid });
};

const noteAccess = async (
  { tx, by, now }: Change,
  { id, name, lsid }: { readonly id: number; readonly name: string; readonly lsid: string },
): Promise<void> => {
  await sql`update jump_clients set accessed_at = ${now} where id = ${id}`.execute(tx);
  await audit(tx, by, { action: 'jump-client.session', target: name, change: { id, lsid } });
};

/** One that they may begin something with now. @throws Problem */
const requireClient = async (
  { tx, now }: Change,
  rights: Rights,
  clientId: number,
  /** The session that it is for, where there is one already. */
  lsid: string | null = null,
): Promise<FoundClient> => {
  const [client] = await findJumpClients(tx, rights.userId, { id: clientId }, now);
  if (client === undefined) throw problems.notFound();
  if (client.obstacle !== null)
    throw client.isLocked || client.status === 'offline'
      ? problems.conflict(client.obstacle)
      : problems.forbidden(client.obstacle);
  await refuseByPolicy(tx, client, lsid);
  return client;
};

const Policy = z.object({
  simultaneous: z.string(),
  ticket: z.boolean(),
  secondFactor: z.boolean(),
  approval: z.boolean(),
});

/** What its policies ask for and sessions with Jump Clients ask of nobody is refused, and never passed over. */
const refuseByPolicy = async (
  tx: Sql,
  { id, jumpPolicyId, sessionPolicyId }: FoundClient,
  lsid: string | null,
): Promise<void> => {
  const rules = await findMachineRules(tx, sessionPolicyId);
  const policy = jumpPolicyId === null ? null : await findPolicy(tx, jumpPolicyId);
  const asked = [
    rules.reasonRequired && 'a reason',
    policy?.ticket === true && 'a ticket id',
    policy?.secondFactor === true && 'a second factor',
    policy?.approval === true && 'an approval',
  ].filter((one) => one !== false);
  if (asked.length > 0)
    throw problems.forbidden(
      `The policies of this Jump Client ask for ${asked.join(' and ')}, which sessions with Jump Clients do not have. Give it others.`,
    );
  if (policy?.simultaneous !== 'disallow') return;
  // Two who begin at once: the second one waits here, and sees the session of the first.
  await sql`select from jump_clients where id = ${id} for update`.execute(tx);
  const { rows: others } = await sql`select from support_sessions s left join support_machines m on m.lsid = s.lsid
    where ${id} in (s.jump_client_id, m.jump_client_id) and s.state <> 'ended'
      and s.lsid is distinct from ${lsid} limit 1`.execute(tx);
  if (others.length > 0)
    throw problems.conflict('Somebody has a session with this Jump Client, and its policy allows one at a time.');
};

const findPolicy = async (tx: Sql, jumpPolicyId: number) => {
  const { rows } = await sql`
    select simultaneous_jumps as simultaneous, ticket_id_required as ticket,
      two_factor_challenge_required as "secondFactor", approval_required as approval
    from jump_policies where id = ${jumpPolicyId}`.execute(tx);
  return Policy.parse(rows[0]);
};

/** Of its session policy, or of the default one. */
export const findMachineRules = async (tx: Sql, sessionPolicyId: number | null): Promise<SessionRules> => {
  const rules = (await findRules(tx, sessionPolicyId)) ?? (await findRules(tx, null));
  if (rules === null) throw new Error('there is no default session policy');
  return rules;
};

/** Whether what is seen of this Jump Client is recorded. */
export const isRecorded = async (tx: Sql, clientId: number): Promise<boolean> => {
  const { rows } = await sql<{ disabled: boolean }>`
    select coalesce(p.recordings_disabled, false) as disabled from jump_clients c
    left join jump_policies p on p.id = c.jump_policy_id where c.id = ${clientId}`.execute(tx);
  return rows[0]?.disabled !== true;
};
