// Reads what arrives again and again and keeps it, until it is told to stop or kills itself at a step of its disk.

import { appendFileSync, existsSync, fsyncSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { activeDirectory } from '@gatehouse/connectors/active-directory';
import { type Disk, realDisk } from '@gatehouse/host/agent';
import { systemClock } from '@gatehouse/kernel';
import { openEventLogs } from '../index.ts';

const [home = '', settings = '{}', at = '0'] = process.argv.slice(2);
const killAt = Number(at);
let steps = 0;
const step = () => {
  if (++steps === killAt) process.kill(process.pid, 'SIGKILL');
};
const around =
  <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
  async (...args: A): Promise<R> => {
    step();
    const done = await work(...args);
    step();
    return done;
  };
const disk: Disk = {
  ...realDisk,
  write: around(realDisk.write),
  rename: around(realDisk.rename),
  remove: around(realDisk.remove),
  settle: around(realDisk.settle),
};

const path = join(home, 'kept.jsonl');
const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
let cursor: string | null = lines.length === 0 ? null : JSON.parse(lines.at(-1) ?? '').cursor;
const kept = openSync(path, 'a');

const ending = new AbortController();
const events = await openEventLogs({
  ...{ home, settings: JSON.parse(settings), disk, clock: systemClock, signal: ending.signal },
  log: { write: (_, said) => process.send?.({ said }) },
});
const running = events.run();
const { 'security-events': stream } = activeDirectory.streams;
const client = { eventLogs: { arriving: events.logs.arriving }, now: () => new Date() };

process.on('message', async (message) => {
  if (message !== 'read') return process.exit(0);
  // Nothing of the directory is asked for what arrives.
  for await (const page of stream?.read(client as never, cursor) ?? []) {
    step();
    appendFileSync(kept, `${JSON.stringify({ ids: page.records.map(({ id }) => id), cursor: page.cursor })}\n`);
    fsyncSync(kept);
    cursor = page.cursor;
    step();
  }
  process.send?.({ said: 'read' });
});
await running;
