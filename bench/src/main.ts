// npm run bench -- [--rounds 3] [--json] [--only <part>]…
//   descriptors, directory, sync, lists [--rows 1000000]; credentials [--requests 1000]; sessions [--sessions 10000];
//   reporting [--reported 10000]; events [--events 5000]; chats [--chats 500] [--seconds 60]; files [--mebibytes 2048]; terminal [--megabytes 200]; rotations [--changes 1000]
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Embedded, startEmbedded } from '@gatehouse/database';
import { measureChats } from './chats.ts';
import { measureCredentials } from './credentials.ts';
import { measureDescriptors } from './descriptors.ts';
import { measureDirectory } from './directory.ts';
import { measureEvents } from './events.ts';
import { type Figure, holds, ratio, say } from './figure.ts';
import { measureFiles } from './files.ts';
import { measureLists } from './lists.ts';
import { measureReporting } from './reporting.ts';
import { measureRotations } from './rotations.ts';
import { measureSessions } from './sessions.ts';
import { organisations } from './sizes.ts';
import { measureSync } from './sync.ts';
import { measureTerminal } from './terminal.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    megabytes: { type: 'string', default: '200' },
    changes: { type: 'string', default: '1000' },
    requests: { type: 'string', default: '1000' },
    sessions: { type: 'string', default: '10000' },
    reported: { type: 'string', default: '10000' },
    events: { type: 'string', default: '5000' },
    chats: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '60' },
    mebibytes: { type: 'string', default: '2048' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
  },
});
const numberOf = (name: Exclude<keyof typeof values, 'only' | 'json'>, least: number): number => {
  const value = Number(values[name]);
  if (value >= least) return value;
  throw new Error(`Write --${name} (${least} or more) as a number.`);
};
const [rows, rounds] = [numberOf('rows', 100), numberOf('rounds', 1)];
const [megabytes, changes] = [numberOf('megabytes', 1), numberOf('changes', 1)];
const [requests, sessions, reported] = [numberOf('requests', 1), numberOf('sessions', 1), numberOf('reported', 1)];
const [events, chats, seconds] = [numberOf('events', 1), numberOf('chats', 1), numberOf('seconds', 1)];
const mebibytes = numberOf('mebibytes', 1);

const progress = (text: string) => console.error(text);

const syncs = async (server: Embedded): Promise<readonly Figure[]> => {
  const figures: Figure[] = [];
  for (const organisation of organisations(rows))
    figures.push(...(await measureSync(server, scratch, { ...organisation, rounds }, progress)));
  return figures;
};
/** Those that need no database, and those that share one server. */
const alone = {
  descriptors: () => measureDescriptors(scratch, { count: rows, rounds }, progress),
  directory: () => measureDirectory({ count: rows, rounds }, progress),
};
const onDatabase = {
  sync: syncs,
  lists: (server: Embedded) => measureLists(server, rows, progress),
  credentials: (server: Embedded) => measureCredentials(server, scratch, { requests }, progress),
  rotations: (server: Embedded) => measureRotations(server, scratch, { changes }, progress),
  sessions: (server: Embedded) => measureSessions(server, scratch, { sessions }, progress),
  reporting: (server: Embedded) => measureReporting(server, scratch, { sessions: reported, rounds }, progress),
  events: (server: Embedded) => measureEvents(server, scratch, { events }, progress),
  chats: (server: Embedded) => measureChats(server, scratch, { chats, seconds }, progress),
  files: (server: Embedded) => measureFiles(server, scratch, { mebibytes }, progress),
  terminal: (server: Embedded) => measureTerminal(server, scratch, { megabytes, rounds }, progress),
};
const parts = [...Object.keys(alone), ...Object.keys(onDatabase)];
const { only = parts } = values;
if (!only.every((part) => parts.includes(part))) throw new Error(`--only: choose of ${parts.join(', ')}.`);
const isAsked = ([part]: readonly [string, unknown]) => only.includes(part);

const scratch = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
// When root runs this, PostgreSQL runs as somebody else, who must get through.
chmodSync(scratch, 0o711);
const figures: (Figure & { readonly part: string })[] = [];
const add = (part: string, measured: readonly Figure[]) =>
  void figures.push(...measured.map((figure) => ({ part, ...figure })));
try {
  for (const [part, measure] of Object.entries(alone).filter(isAsked)) add(part, await measure());
  const asked = Object.entries(onDatabase).filter(isAsked);
  if (asked.length > 0) {
    const server = await startEmbedded({ home: join(scratch, 'home'), onProgress: progress });
    try {
      for (const [part, measure] of asked) add(part, await measure(server));
    } finally {
      await server.stop();
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const report = figures.map((figure) => ({ ...figure, ratio: ratio(figure), holds: holds(figure) }));
console.log(values.json ? JSON.stringify(report, null, 2) : figures.map(say).join('\n'));
