import type { Database } from '@gatehouse/database';
import type { z } from 'zod';
import type { ReportedSupportSession } from '../api/support-reports.ts';
import { toCsvLine } from '../objects/index.ts';
import { pageOfReported, type Sought } from './reported.ts';

type Reported = z.output<typeof ReportedSupportSession>;
const batch = 500;

/** Every session that is sought, newest first, in batches of their own: memory stays flat. */
async function* inBatches(
  database: Database,
  sought: Sought,
  signal: AbortSignal,
): AsyncGenerator<readonly Reported[]> {
  for (let before: number | null = null; !signal.aborted; ) {
    const place: { readonly before: number | null; readonly limit: number } = { before, limit: batch };
    const { items, next } = await database.system((tx) => pageOfReported(tx, sought, place));
    yield items;
    if (next === null) return;
    before = Number(next);
  }
}

export async function* exportCsv(database: Database, sought: Sought, signal: AbortSignal): AsyncGenerator<string> {
  yield toCsvLine(Object.keys(columns));
  for await (const items of inBatches(database, sought, signal))
    yield items.map((session) => toCsvLine(Object.values(columns).map((cell) => cell(session) ?? ''))).join('');
}

/** One array, with a session a line. */
export async function* exportJson(database: Database, sought: Sought, signal: AbortSignal): AsyncGenerator<string> {
  let between = '[\n';
  for await (const items of inBatches(database, sought, signal))
    for (const session of items) {
      yield `${between}${JSON.stringify(session)}`;
      between = ',\n';
    }
  // One that breaks off is no JSON, so that nobody takes it for the whole.
  if (!signal.aborted) yield between === '[\n' ? '[]\n' : '\n]\n';
}

const columns: Readonly<Record<string, (session: Reported) => string | null>> = {
  lsid: ({ lsid }) => lsid,
  customer: ({ customer }) => customer,
  company: ({ company }) => company,
  representatives: ({ representatives }) => representatives.join('; '),
  state: ({ state }) => state,
  queue: ({ queue }) => queue,
  issue: ({ issue }) => issue,
  priority: ({ priority }) => String(priority),
  externalKey: ({ externalKey }) => externalKey,
  attributes: ({ attributes }) => (Object.keys(attributes).length === 0 ? '' : JSON.stringify(attributes)),
  beganAt: ({ beganAt }) => beganAt,
  waitedSeconds: ({ waitedSeconds }) => String(waitedSeconds),
  endedAt: ({ endedAt }) => endedAt,
  endReason: ({ endReason }) => endReason,
  held: ({ held }) => String(held),
};
