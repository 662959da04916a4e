import { audit, problems } from '@gatehouse/server';
import { sql } from 'kysely';
import { findTerms, refuseMissing, type Said, type Terms } from '../conditions/index.ts';
import { tellOfBegin } from '../notices/index.ts';
import {
  addNote,
  askForMachine,
  beginSession,
  type Change,
  changeSessionAttributes,
  externalKeyName,
  findIn,
  findQueue,
  giveIssue,
  joinSession,
  listParticipants,
  noteMachineInformation,
  type Rights,
  requireMember,
} from '../support/index.ts';
import { type FoundClient, findJumpClients } from './find.ts';

/** A Jump Client with which somebody may begin something now, and on what terms. */
interface Ground {
  readonly client: FoundClient;
  readonly terms: Terms;
}

/** What is begun: with which Jump Client, what was said for it, and how long a minute of its session policy lasts. */
export interface Beginning {
  readonly clientId: number;
  readonly said: Said;
  readonly minuteMs: number;
}

/**
 * Begins a support session whose customer is the machine of a Jump Client, with this representative in it; or joins the one
 * that goes on with it, where its Jump policy has others do so. Resolves with its lsid. @throws Problem 404 for what they do
 * not reach, 403 for what they may not now, 409 where it is not there, 400 for what its conditions ask for
 */
export const startJumpClientSession = async (
  change: Change,
  rights: Rights,
  { clientId, said, minuteMs }: Beginning,
): Promise<string> => {
  const { tx, by, now } = change;
  const { client, terms } = await findGround(change, rights, clientId);
  refuseMissing(terms.conditions, said);
  if (terms.simultaneous.jumps === 'join') await lockClient(tx, clientId);
  const going = await findJoined(tx, clientId, terms);
  if (going !== null) return await joinGoing(change, rights, client, going, said);
  const { name, hostname, operatingSystem, publicIp, jumpPolicyId } = client;
  const limitMs = limitOf(terms, minuteMs);
  const limitAt = limitMs === null ? null : new Date(now.getTime() + limitMs);
  const { lsid, gsnumber } = await beginSession(
    change,
    {
      ...(await findQueue(tx, { type: 'rep', id: rights.userId })),
      ...{ correlationId: by.correlationId, attributes: { externalKey: said.ticket, fields: {} } },
      machine: { clientId, terms: { isRecorded: terms.conditions.isRecorded, limitAt } },
    },
    { name, hostname, operatingSystem, address: publicIp ?? '', company: '', issue: said.reason },
  );
  const session = await joinSession(change, lsid, rights);
  if (session !== null) await noteMachineInformation(change, session, gsnumber, clientId);
  await noteAccess(change, client, lsid, said);
  const { reason, ticket } = said;
  await tellOfBegin(tx, { session: lsid, jumpPolicyId, person: rights.name, endpoint: name, reason, ticket, at: now });
  return lsid;
};

/** The session with a Jump Client that whoever comes next joins. Null: they begin one. */
const findJoined = async (tx: Change['tx'], clientId: number, { simultaneous }: Terms): Promise<string | null> => {
  const [going] = simultaneous.jumps === 'join' ? await listGoing(tx, clientId) : [];
  return going?.isWithIt ? going.lsid : null;
};

/** Who is in that session. */
export const listJoined = async (tx: Change['tx'], clientId: number, terms: Terms): Promise<readonly string[]> => {
  const lsid = await findJoined(tx, clientId, terms);
  const members = lsid === null ? [] : await listParticipants(tx, lsid);
  return members.filter(({ kind, leftAt }) => kind === 'representative' && leftAt === null).map(({ name }) => name);
};

const joinGoing = async (
  change: Change,
  rights: Rights,
  client: FoundClient,
  lsid: string,
  said: Said,
): Promise<string> => {
  const isIn = (await findIn(change.tx, rights, lsid)) !== undefined;
  const session = isIn ? null : await joinSession(change, lsid, rights);
  // Whoever is in it comes back.
  if (session === null) return lsid;
  const member = await requireMember(change.tx, rights, lsid);
  await keepSaid(change, rights, member, said, session.attributes.externalKey);
  await noteAccess(change, client, lsid, said);
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
  { clientId, said, minuteMs }: Beginning,
): Promise<void> => {
  const member = await requireMember(change.tx, rights, lsid);
  const { client, terms } = await findGround(change, rights, clientId, member.lsid);
  refuseMissing(terms.conditions, said);
  const { name, hostname, jumpPolicyId } = client;
  const { isRecorded } = terms.conditions;
  const session = await askForMachine(change, member, {
    ...{ clientId, name, hostname, jumpPolicyId, isRecorded, limitMs: limitOf(terms, minuteMs) },
  });
  await keepSaid(change, rights, member, said, session?.attributes.externalKey ?? '');
  await noteAccess(change, client, member.lsid, said);
};

const limitOf = ({ rules }: Terms, minuteMs: number): number | null =>
  rules.limitMinutes === null ? null : rules.limitMinutes * minuteMs;

/** Beside what the customer said themselves, and instead of none of it. */
const keepSaid = async (
  change: Change,
  rights: Rights,
  { lsid, gsnumber }: { readonly lsid: string; readonly gsnumber: number },
  { reason, ticket }: Said,
  externalKey: string,
): Promise<void> => {
  if (reason !== '' && !(await giveIssue(change.tx, lsid, reason))) await addNote(change, lsid, rights, reason);
  if (ticket !== '' && externalKey === '')
    await changeSessionAttributes(change, lsid, { [externalKeyName]: ticket }, gsnumber);
};

const noteAccess = async (
  { tx, by, now }: Change,
  { id, name }: FoundClient,
  lsid: string,
  { reason, ticket }: Said,
): Promise<void> => {
  await sql`update jump_clients set accessed_at = ${now} where id = ${id}`.execute(tx);
  await audit(tx, by, { action: 'jump-client.session', target: name, change: { id, lsid, reason, ticket } });
};

/** One that they may begin something with now, whatever its conditions ask for. @throws Problem */
export const findGround = async (
  { tx, now }: Pick<Change, 'tx' | 'now'>,
  { userId }: Pick<Rights, 'userId'>,
  clientId: number,
  /** The session that it is for, where there is one already. */
  lsid: string | null = null,
): Promise<Ground> => {
  const [client] = await findJumpClients(tx, userId, { id: clientId }, now);
  if (client === undefined) throw problems.notFound();
  if (client.obstacle !== null)
    throw client.isLocked || client.status === 'offline'
      ? problems.conflict(client.obstacle)
      : problems.forbidden(client.obstacle);
  const terms = await findTerms(tx, { ...client, type: 'jump-client' }, userId, now);
  if (terms.simultaneous.jumps === 'disallow') await refuseSecond(tx, clientId, lsid);
  return { client, terms };
};

interface Going {
  readonly lsid: string;
  /** A session with the machine itself, and none to which it is lent. */
  readonly isWithIt: boolean;
}

/** Two who begin at once: the second one waits here, and sees the session of the first. */
const lockClient = (tx: Change['tx'], clientId: number) =>
  sql`select from jump_clients where id = ${clientId} for update`.execute(tx);

/** Sessions with a Jump Client but for one, those with it first, then the oldest. At most ten. */
const listGoing = async (tx: Change['tx'], clientId: number, lsid: string | null = null): Promise<readonly Going[]> => {
  const { rows } = await sql<Going>`
    select s.lsid, s.jump_client_id is not distinct from ${clientId} as "isWithIt"
    from support_sessions s left join support_machines m on m.lsid = s.lsid
    where ${clientId} in (s.jump_client_id, m.jump_client_id) and s.state <> 'ended'
      and s.lsid is distinct from ${lsid} order by "isWithIt" desc, s.lseq limit 10`.execute(tx);
  return rows;
};

const refuseSecond = async (tx: Change['tx'], clientId: number, lsid: string | null): Promise<void> => {
  await lockClient(tx, clientId);
  if ((await listGoing(tx, clientId, lsid)).length > 0)
    throw problems.conflict('Somebody has a session with this Jump Client, and its policy allows one at a time.');
};
