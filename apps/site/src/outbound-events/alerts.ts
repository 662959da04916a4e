import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { OutboundSummary } from '../api/outbound-events.ts';
import type { Recipient } from './queue.ts';

/** Once for each time that a recipient fails: an event was given up. */
export const alertGivenUp = async (
  tx: Sql,
  recipient: Recipient,
  event: string,
  error: string,
  at: Date,
): Promise<void> => {
  const { rows } = await sql`update outbound_recipients set alerted_at = ${at}
    where id = ${recipient.id} and alerted_at is null returning id`.execute(tx);
  if (rows.length === 0) return;
  await write(tx, recipient, at, {
    subject: `Outbound events to ${recipient.name} are given up`,
    body: `${recipient.name} did not take ${event} for ${recipient.retryDuration} seconds, and it is not sent again by itself.\n${error}\n\nWhat was given up can be replayed once the recipient works. You are told when it does.`,
  });
};

/** Once, where somebody was told that it fails. */
export const alertWorking = async (tx: Sql, recipient: Recipient, at: Date): Promise<void> => {
  const { rows } = await sql`update outbound_recipients set alerted_at = null
    where id = ${recipient.id} and alerted_at is not null returning id`.execute(tx);
  if (rows.length === 0) return;
  await write(tx, recipient, at, {
    subject: `Outbound events to ${recipient.name} arrive again`,
    body: `${recipient.name} takes outbound events again. What was given up meanwhile can be replayed.`,
  });
};

const write = async (
  tx: Sql,
  { alertEmails }: Recipient,
  at: Date,
  { subject, body }: { readonly subject: string; readonly body: string },
): Promise<void> => {
  if (alertEmails.length === 0) return;
  await sql`insert into outbound_alerts (at, recipients, subject, body)
    values (${at}, ${alertEmails}::text[], ${subject.replaceAll(/[\r\n]/g, ' ')}, ${body})`.execute(tx);
};

interface Alert {
  readonly id: string;
  readonly at: Date;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly body: string;
  readonly sentAt: Date | null;
}

/** Newest first, after the one with the id `after`. */
export const listAlerts = async (tx: Sql, after: string | null, limit: number): Promise<readonly Alert[]> => {
  const { rows } = await sql<Alert>`
    select alert_id as id, at, recipients, subject, body, sent_at as "sentAt" from outbound_alerts
    where ${after}::uuid is null
      or (at, alert_id) < (select at, alert_id from outbound_alerts where alert_id = ${after}::uuid)
    order by at desc, alert_id desc limit ${limit}`.execute(tx);
  return rows;
};

/** How it is with all recipients together. */
export const summariseOutbound = async (tx: Sql): Promise<z.output<typeof OutboundSummary>> => {
  const { rows } = await sql<{ failing: string[] | null; queued: number; unsent: number }>`
    select (select array_agg(name order by id) from outbound_recipients where enabled and failing_since is not null) as failing,
      (select count(*)::int from outbound_deliveries where state = 'queued') as queued,
      (select count(*)::int from outbound_alerts where sent_at is null) as unsent`.execute(tx);
  const { failing, queued = 0, unsent = 0 } = rows[0] ?? {};
  const names = failing ?? [];
  const advice = [
    ...(names.length > 0
      ? [`Outbound events do not arrive at ${names.slice(0, 3).join(', ')}. Its deliveries say why.`]
      : []),
    ...(unsent > 0 ? ['Alerts about outbound events wait: this site sends no mail. Look here instead.'] : []),
  ];
  return { failing: names.length, queued, unsentAlerts: unsent, advice: advice.join(' ') || null };
};
