import { createHash, randomBytes } from 'node:crypto';
import type { Sql } from '@gatehouse/database';
import { Secret } from '@gatehouse/kernel';
import { problems } from '@gatehouse/server';
import { sql } from 'kysely';
import { Refusal } from '../../objects/index.ts';
import { getOptions } from '../../options/index.ts';
import { noAttributes } from '../attributes.ts';
import { type Change, inSession, note, over } from '../in-session.ts';
import { type Member, markLeft, type NewCustomer } from '../participants.ts';
import { findQueue, isQueueAvailable } from '../queues.ts';
import { beginSession } from '../sessions.ts';

/** How long after its end a session can still be looked at, and its survey answered, by who was in it. */
const keptMs = 86_400_000;
/** Sessions that wait, of one address and of all: whoever wants to fill the queues needs many. */
const mostWaiting = { address: 5, all: 2_000 } as const;

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** What the page of a customer proves itself with from now on; the last one that was given is the only one. */
export const giveToken = async (
  tx: Sql,
  { lsid, gsnumber }: Pick<Member, 'lsid' | 'gsnumber'>,
  now: Date,
): Promise<Secret> => {
  const token = randomBytes(32).toString('base64url');
  await sql`update support_participants set token_hash = ${hashOf(token)}, seen_at = ${now}
    where lsid = ${lsid} and gsnumber = ${gsnumber}`.execute(tx);
  return new Secret(token);
};

/** A customer, also one whose session is over since not long ago. Null: there is none with this token. */
export const findCustomer = async (
  tx: Sql,
  token: string,
  now: Date,
): Promise<(Member & { readonly isThere: boolean }) | null> => {
  if (!/^[\w-]{43}$/.test(token)) return null;
  const { rows } = await sql<Member & { isThere: boolean }>`
    select p.lsid, p.gsnumber, p.kind, p.name, p.left_at is null as "isThere"
    from support_participants p join support_sessions s on s.lsid = p.lsid
    where p.token_hash = ${hashOf(token)} and coalesce(s.ended_at, ${now}) > ${new Date(now.getTime() - keptMs)}`.execute(
    tx,
  );
  return rows[0] ?? null;
};

/** A customer comes without a key: to the general queue, or by what they need help with. @throws Refusal, Problem 429 */
export const beginByThemselves = async (
  change: Change,
  issue: string | null,
  customer: NewCustomer,
): Promise<Pick<Member, 'lsid' | 'gsnumber'>> => {
  const { tx, by, now } = change;
  const { portalGeneralQueue } = await getOptions(tx);
  if (issue === null && !portalGeneralQueue)
    throw new Refusal([], 'Ask for a session key: nobody waits here without one.');
  const destination = await findQueue(tx, issue === null ? { type: 'general' } : { type: 'issue', codeName: issue });
  if (!(await isQueueAvailable(tx, destination.queue, now)))
    throw new Refusal([], 'Nobody is there to help at the moment. Try again later.');
  await refuseTooMany(tx, customer.address);
  return beginSession(change, { ...destination, correlationId: by.correlationId, attributes: noAttributes }, customer);
};

const refuseTooMany = async (tx: Sql, address: string): Promise<void> => {
  const { rows } = await sql<{ all: number; mine: number }>`
    select count(distinct s.lsid)::int as all, count(distinct s.lsid) filter (where p.address = ${address})::int as mine
    from support_sessions s join support_participants p on p.lsid = s.lsid and p.kind = 'customer'
    where s.state = 'waiting'`.execute(tx);
  const { all = 0, mine = 0 } = rows[0] ?? {};
  if (mine >= mostWaiting.address || all >= mostWaiting.all) throw problems.tooMany(60);
};

/** A customer goes, and with the last one the session is over. */
export const customerLeaves = async (change: Change, { lsid, gsnumber }: Member, reason: string): Promise<void> => {
  await inSession(change, lsid, 'customer-leaves', { reason }, async (session, here) => {
    if (!here.some((one) => one.gsnumber === gsnumber)) return;
    await markLeft(change.tx, lsid, gsnumber, change.now);
    await note(change, session, 'member_departed', gsnumber, { kind: 'customer' });
    const isLast = !here.some((one) => one.kind === 'customer' && one.gsnumber !== gsnumber);
    if (isLast) await over(change, session, reason);
  });
};

/** Their pages are there, at whichever copy of the site. */
export const markSeen = async (
  tx: Sql,
  customers: readonly Pick<Member, 'lsid' | 'gsnumber'>[],
  now: Date,
): Promise<void> => {
  await sql`
    update support_participants p set seen_at = ${now}
    from unnest(${customers.map(({ lsid }) => lsid)}::text[], ${customers.map(({ gsnumber }) => gsnumber)}::int[])
      as seen(lsid, gsnumber)
    where p.lsid = seen.lsid and p.gsnumber = seen.gsnumber and p.left_at is null`.execute(tx);
};

/** Whose pages were not heard of for so long have closed without saying so. */
export const lostMs = 180_000;

/** With a session it is held until the end of the transaction. */
export const listLost = async (tx: Sql, now: Date, lsid: string | null = null): Promise<readonly Member[]> => {
  if (lsid !== null) await sql`select from support_sessions where lsid = ${lsid} for update`.execute(tx);
  const { rows } = await sql<Member>`
    select lsid, gsnumber, kind, name from support_participants
    where left_at is null and seen_at < ${new Date(now.getTime() - lostMs)} and (${lsid}::text is null or lsid = ${lsid}::text)
    order by seen_at limit 100`.execute(tx);
  return rows;
};
