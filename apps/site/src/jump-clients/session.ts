import type { Sql } from '@gatehouse/database';
import { audit, problems } from '@gatehouse/server';
import { sql } from 'kysely';
import { z } from 'zod';
import type { SessionRules } from '../api/console.ts';
import { findRules } from '../session-rules/index.ts';
import { beginSession, type Change, findQueue, joinSession, type Rights } from '../support/index.ts';
import { type FoundClient, findJumpClients } from './find.ts';

/**
 * Begins a support session whose customer is the machine of a Jump Client, with this representative in it. Resolves with
 * its lsid. @throws Problem 404 for what they do not reach, 403 for what they may not now, 409 where it is not there
 */
export const startJumpClientSession = async (change: Change, rights: Rights, clientId: number): Promise<string> => {
  const { tx, by, now } = change;
  const [client] = await findJumpClients(tx, rights.userId, { id: clientId }, now);
  if (client === undefined) throw problems.notFound();
  if (client.obstacle !== null)
    throw client.isLocked || client.status === 'offline'
      ? problems.conflict(client.obstacle)
      : problems.forbidden(client.obstacle);
  await refuseByPolicy(tx, client);
  const { name, hostname, operatingSystem, publicIp } = client;
  const { lsid } = await beginSession(
    change,
    {
      ...(await findQueue(tx, { type: 'rep', id: rights.userId })),
      ...{ correlationId: by.correlationId, attributes: { externalKey: '', fields: {} }, jumpClientId: clientId },
    },
    { name, hostname, operatingSystem, address: publicIp ?? '', company: '', issue: '' },
  );
  await joinSession(change, lsid, rights);
  await sql`update jump_clients set accessed_at = ${now} where id = ${clientId}`.execute(tx);
  await audit(tx, by, { action: 'jump-client.session', target: name, change: { id: clientId, lsid } });
  return lsid;
};

const Policy = z.object({
  simultaneous: z.string(),
  ticket: z.boolean(),
  secondFactor: z.boolean(),
  approval: z.boolean(),
});

/** What its policies ask for and sessions with Jump Clients ask of nobody is refused, and never passed over. */
const refuseByPolicy = async (tx: Sql, { id, jumpPolicyId, sessionPolicyId }: FoundClient): Promise<void> => {
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
  const { rows: others } = await sql`select from support_sessions
    where jump_client_id = ${id} and state <> 'ended' limit 1`.execute(tx);
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
