import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { putNotice, said, timeOf } from './put-notice.ts';

/** A session with an endpoint, or with the machine of a Jump Client. */
export interface BegunSession {
  /** Its id, or its lsid. */
  readonly session: string;
  /** Null: nobody is told. */
  readonly jumpPolicyId: number | null;
  readonly person: string;
  readonly endpoint: string;
  readonly reason: string;
  readonly ticket: string;
  readonly at: Date;
}

/** As long as it is news. */
const goodMs = 86_400_000;
const kind = 'session-notice';

interface Policy {
  readonly name: string;
  readonly recipients: readonly string[];
}
const told = sql`p.display_name as name, p.notification_email_addresses as recipients`;
const because = (policy: string) => `The Jump policy “${policy}” has this sent to you.`;

/** Its Jump policy has somebody told that it began, or that it ends, or neither. */
export const tellOfBegin = async (tx: Sql, begun: BegunSession): Promise<void> => {
  const { session, jumpPolicyId, person, endpoint, reason, ticket, at } = begun;
  if (jumpPolicyId === null) return;
  const { rows } = await sql<Policy & { ofStart: boolean; ofEnd: boolean }>`
    select ${told}, p.session_start_notification as "ofStart", p.session_end_notification as "ofEnd"
    from jump_policies p where p.id = ${jumpPolicyId}`.execute(tx);
  const [policy] = rows;
  if (policy?.ofEnd)
    await sql`insert into session_notices (session, jump_policy_id, person, endpoint, began_at)
      values (${session}, ${jumpPolicyId}, ${person}, ${endpoint}, ${at}) on conflict (session) do update
      set jump_policy_id = excluded.jump_policy_id, person = excluded.person, endpoint = excluded.endpoint,
        began_at = excluded.began_at`.execute(tx);
  if (!policy?.ofStart) return;
  await putNotice(tx, {
    ...{ kind, about: endpoint, recipients: policy.recipients, at, goodMs },
    subject: `${person} began a session with ${endpoint}`,
    words: [
      `${person} began a session with ${endpoint} at ${timeOf(at)}.`,
      said('Reason', reason),
      said('Ticket', ticket),
      because(policy.name),
    ],
  });
};

/** Whatever ended it: once, and nothing where nobody is to be told. */
export const tellOfEnd = async (
  tx: Sql,
  session: string,
  { at, problem = '' }: { readonly at: Date; readonly problem?: string },
): Promise<void> => {
  const { rows } = await sql<Policy & { person: string; endpoint: string; beganAt: Date; ofEnd: boolean }>`
    delete from session_notices n using jump_policies p where n.session = ${session} and p.id = n.jump_policy_id
    returning ${told}, n.person, n.endpoint, n.began_at as "beganAt", p.session_end_notification as "ofEnd"`.execute(
    tx,
  );
  const [one] = rows;
  if (!one?.ofEnd) return;
  const { person, endpoint, beganAt } = one;
  const minutes = Math.max(1, Math.round((at.getTime() - beganAt.getTime()) / 60_000));
  await putNotice(tx, {
    ...{ kind, about: endpoint, recipients: one.recipients, at, goodMs },
    subject: `The session of ${person} with ${endpoint} has ended`,
    words: [
      `The session of ${person} with ${endpoint} ended at ${timeOf(at)}, after ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
      problem,
      because(one.name),
    ],
  });
};
