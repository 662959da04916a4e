// A process of its own: the worker that reads one connection once. Answers with the time and the memory it took.
import { existsSync, readFileSync } from 'node:fs';
import { runStreams } from '@gatehouse/connector-kit';
import { openDatabase } from '@gatehouse/database';
import { createHost } from '@gatehouse/host';
import { openRunStore } from '@gatehouse/insights/ingest';
import type { ConnectionId, TenantId } from '@gatehouse/kernel';
import type { Size } from './sizes.ts';
import { vendor } from './vendor.ts';

/** What the parent sends. */
export interface SyncTask {
  readonly url: string;
  readonly origin: string;
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly size: Size;
}

export interface SyncResult {
  readonly ms: number;
  /** Of this process alone, all its threads. */
  readonly cpuMs: number;
  readonly peakMiB: number;
  readonly inserted: number;
  readonly unchanged: number;
  readonly written: number;
}

/** Linux counts the parent's memory into maxRSS across fork and exec; the high-water mark is the process's own. */
const peakMiB = (): number => {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const own = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return (own ? Number(own) : process.resourceUsage().maxRSS) / 1024;
};

process.once('message', async (task: SyncTask) => {
  const database = await openDatabase({ url: task.url, migrations: [], poolSize: 3 });
  const store = openRunStore(database, { ...task, connector: vendor });
  const host = createHost({ signal: new AbortController().signal });
  const started = performance.now();
  const before = process.cpuUsage();
  const outcome = await runStreams({
    connector: vendor,
    settings: { origin: task.origin },
    host,
    store,
    streams: Object.keys(task.size),
  });
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  await database.close();
  const failed = outcome.fault ?? outcome.streams.find(({ fault }) => fault)?.fault;
  if (failed) throw failed;
  const sum = (name: 'inserted' | 'changed' | 'unchanged' | 'gone') =>
    outcome.streams.reduce((all, one) => all + one.counts[name], 0);
  const result: SyncResult = {
    ms,
    cpuMs: (user + system) / 1_000,
    peakMiB: peakMiB(),
    inserted: sum('inserted'),
    unchanged: sum('unchanged'),
    written: sum('inserted') + sum('changed') + sum('gone'),
  };
  process.send?.(result, () => process.disconnect());
});
