import type { Sql } from '@gatehouse/database';
import { summariseMails } from '@gatehouse/mail';
import { sql } from 'kysely';
import { putNotice, said, timeOf } from '../notices/index.ts';
import { isNamed, waitsDays } from './store.ts';

/** Where they stand in the console. */
export const approvalsPage = '/console/approvals';
const kind = 'approval';
const dayMs = 86_400_000;

interface Asked {
  readonly person: string;
  readonly endpoint: string;
  readonly reason: string;
  readonly ticket: string;
  readonly policy: string;
  readonly byAddress: readonly string[];
  readonly known: readonly string[] | null;
}

/** Those whom the Jump policy names are told that somebody asks: by address, as a user, or as one of a team. */
export const tellApprovers = async (
  tx: Sql,
  { approvalId, at, consoleUrl }: { readonly approvalId: string; readonly at: Date; readonly consoleUrl: string },
): Promise<void> => {
  const { rows } = await sql<Asked>`
    select w.public_display_name as person, a.item_name as endpoint, a.reason, a.ticket, p.display_name as policy,
      p.approval_email_addresses as "byAddress",
      (select array_agg(u.email_address) from site_users u
        where u.enabled and u.email_address is not null and ${isNamed}) as known
    from approvals a join jump_policies p on p.id = a.jump_policy_id join site_users w on w.id = a.user_id
    where a.approval_id = ${approvalId}`.execute(tx);
  const [asked] = rows;
  if (asked === undefined) return;
  const { person, endpoint, reason, ticket, policy, byAddress, known } = asked;
  // Users see it in the console anyway: nothing waits for a mail server that there is not.
  const users = (await summariseMails(tx)).isSetUp ? (known ?? []) : [];
  await putNotice(tx, {
    ...{ kind, about: endpoint, recipients: [...byAddress, ...users], at, goodMs: waitsDays * dayMs },
    subject: `${person} asks to use ${endpoint}`,
    words: [
      `${person} asks for an approval to begin sessions with ${endpoint}.`,
      said('Reason', reason),
      said('Ticket', ticket),
      `Sign in to approve or deny it within ${waitsDays} days: ${consoleUrl}`,
      `The Jump policy “${policy}” names you as one who decides.`,
    ],
  });
};

/** Whoever asked is told what came of it. */
export const tellAsker = async (
  tx: Sql,
  { approvalId, at, consoleUrl }: { readonly approvalId: string; readonly at: Date; readonly consoleUrl: string },
): Promise<void> => {
  const { rows } = await sql<{
    readonly address: string;
    readonly endpoint: string;
    readonly isApproved: boolean;
    readonly by: string;
    readonly comment: string;
    readonly until: Date;
  }>`
    select w.email_address as address, a.item_name as endpoint, a.state = 'approved' as "isApproved", a.decided_by as by,
      a.comment, a.until
    from approvals a join site_users w on w.id = a.user_id
    where a.approval_id = ${approvalId} and a.state <> 'waiting' and w.enabled and w.email_address is not null`.execute(
    tx,
  );
  const [decided] = rows;
  if (decided === undefined || !(await summariseMails(tx)).isSetUp) return;
  const { address, endpoint, isApproved, by, comment, until } = decided;
  await putNotice(tx, {
    ...{ kind, about: endpoint, recipients: [address], at, goodMs: dayMs },
    subject: isApproved ? `You may use ${endpoint}` : `You may not use ${endpoint}`,
    words: [
      isApproved
        ? `${by} approved your request. You may begin sessions with ${endpoint} until ${timeOf(until)}.`
        : `${by} denied your request to use ${endpoint}. You may ask again.`,
      said(`${by} says`, comment),
      consoleUrl,
    ],
  });
};
