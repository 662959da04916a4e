import { randomBytes } from 'node:crypto';
import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';

/** Somebody in a session, or who was in it: `gsnumber` tells them apart there. */
export interface Participant {
  readonly gsnumber: number;
  readonly clientId: string;
  readonly kind: 'representative' | 'customer';
  readonly userId: number | null;
  readonly username: string;
  readonly name: string;
  readonly company: string;
  readonly issue: string;
  readonly hostname: string;
  readonly operatingSystem: string;
  readonly address: string;
  readonly joinedAt: Date;
  readonly leftAt: Date | null;
}

/** Somebody in a session, as far as it matters for what they do there. */
export interface Member {
  readonly lsid: string;
  readonly gsnumber: number;
  readonly kind: 'representative' | 'customer';
  readonly name: string;
}

export interface NewCustomer {
  readonly name: string;
  readonly company: string;
  readonly issue: string;
  readonly hostname: string;
  readonly operatingSystem: string;
  readonly address: string;
}

export interface NewRepresentative {
  readonly userId: number;
  readonly username: string;
  readonly name: string;
}

/** Resolves with the number in the session, which must be locked. */
export const addParticipant = async (
  tx: Sql,
  lsid: string,
  who: NewCustomer | NewRepresentative,
  at: Date,
): Promise<number> => {
  const isRepresentative = 'userId' in who;
  const about = isRepresentative
    ? { ...who, company: '', issue: '', hostname: '', operatingSystem: '', address: '' }
    : { ...who, userId: null, username: '' };
  const { rows } = await sql<{ gsnumber: number }>`
    with next as (update support_sessions set last_gsnumber = last_gsnumber + 1 where lsid = ${lsid} returning last_gsnumber)
    insert into support_participants (lsid, gsnumber, client_id, kind, user_id, username, name, company, issue, hostname,
      operating_system, address, joined_at)
    select ${lsid}, last_gsnumber, ${randomBytes(16).toString('hex')}, ${isRepresentative ? 'representative' : 'customer'},
      ${about.userId}, ${about.username}, ${about.name}, ${about.company}, ${about.issue}, ${about.hostname},
      ${about.operatingSystem}, ${about.address}, ${at} from next returning gsnumber`.execute(tx);
  const gsnumber = rows[0]?.gsnumber;
  if (gsnumber === undefined) throw new Error('a participant was added to no session');
  return gsnumber;
};

const columns = sql`gsnumber, client_id as "clientId", kind, user_id as "userId", username, name, company, issue, hostname,
  operating_system as "operatingSystem", address, joined_at as "joinedAt", left_at as "leftAt"`;

/** Everybody who was ever in it, in the order they came. */
export const listParticipants = async (tx: Sql, lsid: string): Promise<readonly Participant[]> => {
  const { rows } = await sql<Participant>`
    select ${columns} from support_participants where lsid = ${lsid} order by gsnumber limit 1000`.execute(tx);
  return rows;
};

/** Customers of sessions that go on. */
export const listCustomers = async (tx: Sql, limit: number): Promise<readonly Participant[]> => {
  const { rows } = await sql<Participant>`
    select ${columns} from support_participants where kind = 'customer' and left_at is null
    order by joined_at, client_id limit ${limit}`.execute(tx);
  return rows;
};

/** Null `gsnumber`: everybody who is in it. */
export const markLeft = async (tx: Sql, lsid: string, gsnumber: number | null, at: Date): Promise<void> => {
  await sql`update support_participants set left_at = ${at}
    where lsid = ${lsid} and left_at is null and (${gsnumber}::int is null or gsnumber = ${gsnumber}::int)`.execute(tx);
};

/** What its first customer needs help with, where nobody has said it yet. False: somebody has. */
export const giveIssue = async (tx: Sql, lsid: string, issue: string): Promise<boolean> => {
  const { rows } = await sql`
    update support_participants set issue = ${issue} where issue = '' and lsid = ${lsid} and gsnumber = (
      select min(gsnumber) from support_participants where lsid = ${lsid} and kind = 'customer')
    returning gsnumber`.execute(tx);
  return rows.length > 0;
};
