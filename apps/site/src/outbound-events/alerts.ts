import type { Sql } from '@gatehouse/database';
import { summariseMails } from '@gatehouse/mail';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { OutboundSummary } from '../api/outbound-events.ts';
import { putNotice, timeOf } from '../notices/index.ts';
import type { Recipient } from './queue.ts';

/** Once for each time that a recipient fails: an event was given up before anybody was told. */
export const alertGivenUp = async (
  tx: Sql,
  recipient: Recipient,
  event: string,
  error: string,
  at: Date,
): Promise<void> => {
  if (!(await isFirst(tx, recipient, at))) return;
  await write(tx, recipient, at, {
    subject: `Outbound events to ${recipient.name} are given up`,
    body: `${recipient.name} did not take ${event} for ${recipient.retryDuration} seconds, and it is not sent again by itself.\n${error}\n\nWhat was given up can be replayed once the recipient works. You are told when it does.`,
  });
};

/** Once for each time that a recipient fails: for as long as its people wait. */
export const alertFailing = async (tx: Sql, recipient: Recipient, error: string, at: Date): Promise<void> => {
  const since = recipient.failingSince ?? at;
  if (at.getTime() - since.getTime() < recipient.alertAfter * 1_000 || !(await isFirst(tx, recipient, at))) return;
  await write(tx, recipient, at, {
    subject: `Outbound events to ${recipient.name} do not arrive`,
    body: `${recipient.name} does not take events since ${timeOf(since)}.\n${error}\n\nIt is tried every ${recipient.retryInterval} seconds. An event that it does not take for ${recipient.retryDuration} seconds is given up, and can be replayed. You are told when the recipient works.`,
  });
};

const isFirst = async (tx: Sql, { id }: Recipient, at: Date): Promise<boolean> => {
  const { rows } = await sql`update outbound_recipients set alerted_at = ${at}
    where id = ${id} and alerted_at is null returning id`.execute(tx);
  return rows.length > 0;
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

const write = (
  tx: Sql,
  { name, alertEmails }: Recipient,
  at: Date,
  { subject, body }: { readonly subject: string; readonly body: string },
): Promise<void> =>
  putNotice(tx, { kind: alertKind, about: name, recipients: alertEmails, subject, words: [body], at });
const alertKind = 'outbound-alert';

/** How it is with all recipients together. */
export const summariseOutbound = async (tx: Sql): Promise<z.output<typeof OutboundSummary>> => {
  const { rows } = await sql<{ failing: string[] | null; queued: number }>`
    select (select array_agg(name order by id) from outbound_recipients where enabled and failing_since is not null) as failing,
      (select count(*)::int from outbound_deliveries where state = 'queued') as queued`.execute(tx);
  const { failing, queued = 0 } = rows[0] ?? {};
  const { isSetUp, waiting, failed, problem } = await summariseMails(tx, alertKind);
  const names = failing ?? [];
  const advice = [
    ...(names.length > 0
      ? [`Outbound events do not arrive at ${names.slice(0, 3).join(', ')}. Its deliveries say why.`]
      : []),
    ...(waiting > 0 && !isSetUp ? ['Alerts about outbound events wait: enter a mail server.'] : []),
    ...(waiting > 0 && problem !== '' ? [`Alerts about outbound events wait. ${problem}`] : []),
    ...(failed > 0 ? [`${failed} alerts about outbound events were not taken. The list of mail says why.`] : []),
  ];
  return { failing: names.length, queued, unsentAlerts: waiting, advice: advice.join(' ') || null };
};
