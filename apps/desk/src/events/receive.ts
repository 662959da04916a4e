import { createHash } from 'node:crypto';
import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { tellSession } from '../details/index.ts';

/** What every event has, and says nothing without. */
const needed = ['event', 'lsid', 'version', 'timestamp', 'appliance_id'] as const;
const most = { parameters: 100, characters: 10_000 } as const;

/** A form as it was posted: the last of a name counts, and what cannot be kept is taken out. */
export const readEvent = (form: URLSearchParams): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...form]
      .slice(0, most.parameters)
      .map(([name, value]) => [name.slice(0, 200).toWellFormed().replaceAll('\0', ''), keep(value)]),
  );
const keep = (value: string) => value.slice(0, most.characters).toWellFormed().replaceAll('\0', '');

/** Keeps an event and has its session looked at, in one transaction. What came already changes nothing. */
export const receiveEvent = async (
  tx: Sql,
  of: { readonly connectionId: string; readonly sender: string; readonly at: Date },
  parameters: Readonly<Record<string, string>>,
): Promise<void> => {
  const missing = needed.filter((name) => (parameters[name] ?? '') === '');
  // Hexadecimal: appliances differ in the letters they write it with, also between events and reports.
  const lsid = (parameters.lsid ?? '').trim().toLowerCase();
  const problem =
    missing.length > 0
      ? `It has no ${missing.join(', ')}.`
      : lsid.length > 100
        ? 'Its lsid is longer than one can be.'
        : '';
  const sorted = Object.entries(parameters).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const digest = createHash('sha256').update(JSON.stringify(sorted)).digest();
  const { rows } = await sql`
    insert into inbound_events (connection_id, received_at, sender, event, lsid, parameters, digest, problem)
    values (${of.connectionId}, ${of.at}, ${of.sender}, ${(parameters.event ?? '').slice(0, 200)}, ${lsid.slice(0, 100)},
      ${JSON.stringify(parameters)}::jsonb, ${digest}, ${problem})
    on conflict do nothing returning event_id`.execute(tx);
  if (rows.length > 0 && problem === '') await tellSession(tx, of.connectionId, lsid, of.at);
};

/** What is older is of no use to anybody: the sessions are kept by themselves. */
export const forgetEvents = async (tx: Sql, before: Date): Promise<void> => {
  await sql`delete from inbound_events where received_at < ${before}`.execute(tx);
};
