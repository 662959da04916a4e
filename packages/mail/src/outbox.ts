import type { Sql } from '@gatehouse/database';
import { isHeaderText, isMailAddress } from '@gatehouse/host';
import { Fault, newId, Secret } from '@gatehouse/kernel';
import type { Sealer } from '@gatehouse/server';
import { sql } from 'kysely';
import { z } from 'zod';

export interface NewMail {
  /** What kind of mail it is, for lists: `outbound-alert`, `reply` … */
  readonly kind: string;
  /** Of the thing that it tells of: said twice, it is one mail. Left out: each is one. */
  readonly key?: string;
  readonly about: string;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Made safe by the caller. */
  readonly html?: string;
  /** Nobody wrote it. */
  readonly isAutomatic?: boolean;
  /** Of no use afterwards: not sent any more. */
  readonly until?: Date;
  readonly at: Date;
}

const Body = z.object({ text: z.string(), html: z.string().optional(), isAutomatic: z.boolean() });
type Body = z.output<typeof Body>;
const contextOf = (mailId: string) => ['mail', mailId];

/**
 * Has a mail sent, in the transaction of what it tells of. With `sealer` what it says is sealed until it is sent, as it
 * must be where it opens something. Resolves with its id; of one whose key is there already, with that one's.
 * @throws Fault for addresses and subjects that are none
 */
export const putMail = async (tx: Sql, mail: NewMail, sealer?: Sealer): Promise<string> => {
  const { kind, key = null, recipients, subject, isAutomatic = false, until = null, at } = mail;
  if (recipients.length === 0 || recipients.length > 50 || !recipients.every(isMailAddress))
    throw new Fault('misconfigured', 'A mail goes to one to 50 addresses like name@example.com.');
  if (!isHeaderText(subject)) throw new Fault('misconfigured', 'The subject is not one line of plain text.');
  const mailId = newId();
  const html = mail.html === undefined ? undefined : keepable(mail.html);
  const body = JSON.stringify({ text: keepable(mail.text), html, isAutomatic } satisfies Partial<Body>);
  const sealed = sealer?.seal(new Secret(body), contextOf(mailId)) ?? null;
  const { rows } = await sql<{ id: string }>`
    with added as (
      insert into mails (mail_id, kind, key, about, recipients, subject, body, sealed, made_at, next_try_at, until)
      values (${mailId}, ${kind}, ${key}, ${keepable(mail.about.slice(0, 300))}, ${recipients}::text[], ${subject},
        ${sealed === null ? body : null}::jsonb, ${sealed}, ${at}, ${at}, ${until})
      on conflict (key) do nothing returning mail_id)
    select mail_id as id from added union all select mail_id from mails where key = ${key} limit 1`.execute(tx);
  return rows[0]?.id ?? mailId;
};

/** Neither a zero byte nor half of a letter, which no database keeps. */
const keepable = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed();

/** Any text as a subject: one line of what a reader sees. */
export const toSubject = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ')
    .trim()
    .slice(0, 300)
    .toWellFormed();

export type MailState = 'waiting' | 'sent' | 'failed';

export interface Holder {
  readonly id: string;
  readonly leaseMs: number;
}

export interface HeldMail {
  readonly mailId: string;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly tries: number;
  readonly firstTriedAt: Date;
  readonly until: Date | null;
  readonly body: unknown;
  readonly sealed: string | null;
}

/**
 * The one that is due for the longest, where a server is entered that is not waited for; what is of no use any more needs
 * none. Null: none.
 */
export const claimMail = async (tx: Sql, { id, leaseMs }: Holder, now: Date): Promise<HeldMail | null> => {
  const { rows } = await sql<HeldMail>`
    update mails set holder = ${id}, held_until = ${new Date(now.getTime() + leaseMs)}, tries = tries + 1,
      first_tried_at = coalesce(first_tried_at, ${now})
    where mail_id in (
      select m.mail_id from mails m
      where m.state = 'waiting' and m.next_try_at <= ${now} and (m.held_until is null or m.held_until < ${now})
        and (m.until <= ${now} or exists (
          select from mail_server s where s.next_try_at is null or s.next_try_at <= ${now}))
      order by m.next_try_at, m.place limit 1 for update of m skip locked)
    returning mail_id as "mailId", recipients, subject, tries, first_tried_at as "firstTriedAt", until, body, sealed`.execute(
    tx,
  );
  return rows[0] ?? null;
};

export const openBody = (sealer: Sealer, { mailId, body, sealed }: HeldMail): Body =>
  Body.parse(sealed === null ? body : JSON.parse(sealer.open(sealed, contextOf(mailId)).reveal()));

/** What came of a try. */
interface Outcome {
  readonly state: MailState;
  readonly problem: string;
  /** It was not for this mail that it failed: the time until it is given up begins anew. */
  readonly isForAll?: boolean;
  readonly nextTryAt: Date;
  readonly at: Date;
}

/** Whoever lost the mail meanwhile changes nothing. */
export const settleMail = async (
  tx: Sql,
  holder: Holder,
  mailId: string,
  { state, problem, isForAll = false, nextTryAt, at }: Outcome,
): Promise<void> => {
  const isOver = state !== 'waiting';
  await sql`
    update mails set state = ${state}, problem = ${problem.slice(0, 1_000)}, holder = null, held_until = null,
      next_try_at = ${nextTryAt}, over_at = ${isOver ? at : null}::timestamptz,
      first_tried_at = case when not ${isForAll} then first_tried_at end,
      body = case when ${state !== 'sent'} then body end, sealed = case when ${state !== 'sent'} then sealed end
    where mail_id = ${mailId} and holder = ${holder.id} and state = 'waiting'`.execute(tx);
};

/** Nothing leaves at present: every mail waits for the server. */
export const noteServer = async (tx: Sql, problem: string, next: (failures: number) => Date | null): Promise<void> => {
  const { rows } = await sql<{ failures: number }>`
    select failures from mail_server for update`.execute(tx);
  const failures = problem === '' ? 0 : (rows[0]?.failures ?? 0) + 1;
  await sql`update mail_server set problem = ${problem.slice(0, 1_000)}, failures = ${failures},
    next_try_at = ${next(failures)}::timestamptz where problem <> '' or ${problem !== ''}`.execute(tx);
};

/** One that was given up is tried anew. False: there is none that could be. */
export const retryMail = async (tx: Sql, mailId: string, at: Date): Promise<{ readonly about: string } | null> => {
  const { rows } = await sql<{ about: string }>`
    update mails set state = 'waiting', over_at = null, tries = 0, first_tried_at = null, next_try_at = ${at}
    where mail_id = ${mailId}::uuid and state <> 'sent' and holder is null returning about`.execute(tx);
  return rows[0] ?? null;
};

export interface MailRow {
  readonly mailId: string;
  readonly place: number;
  readonly kind: string;
  readonly about: string;
  readonly recipients: string[];
  readonly subject: string;
  readonly state: MailState;
  readonly tries: number;
  readonly madeAt: Date;
  readonly nextTryAt: Date;
  readonly overAt: Date | null;
  readonly problem: string;
}

/** Newest first, without what they say. */
export const listMails = async (
  tx: Sql,
  {
    state,
    before,
    limit,
  }: { readonly state: MailState | null; readonly before: number | null; readonly limit: number },
): Promise<readonly MailRow[]> => {
  const { rows } = await sql<MailRow>`
    select mail_id as "mailId", place, kind, about, recipients, subject, state, tries, made_at as "madeAt",
      next_try_at as "nextTryAt", over_at as "overAt", problem from mails
    where (${state}::text is null or state = ${state}::text) and (${before}::bigint is null or place < ${before}::bigint)
    order by place desc limit ${limit}`.execute(tx);
  return rows;
};

export interface MailSummary {
  readonly isSetUp: boolean;
  readonly waiting: number;
  readonly failed: number;
  /** Why nothing leaves; empty: nothing keeps it. */
  readonly problem: string;
}

/** How it is with mail; of one kind, or of all. */
export const summariseMails = async (tx: Sql, kind?: string): Promise<MailSummary> => {
  const of = kind === undefined ? sql`true` : sql`kind = ${kind}`;
  const { rows } = await sql<MailSummary>`
    select exists (select from mail_server) as "isSetUp", coalesce((select problem from mail_server), '') as problem,
      (select count(*)::int from mails where state = 'waiting' and ${of}) as waiting,
      (select count(*)::int from mails where state = 'failed' and ${of}) as failed`.execute(tx);
  return rows[0] ?? { isSetUp: false, waiting: 0, failed: 0, problem: '' };
};

/** What is over for thirty days, a bounded number at a time. */
export const forgetMails = async (tx: Sql, now: Date): Promise<void> => {
  const before = new Date(now.getTime() - 30 * 86_400_000);
  await sql`delete from mails where mail_id in (select mail_id from mails where over_at < ${before} limit 5000)`.execute(
    tx,
  );
};
