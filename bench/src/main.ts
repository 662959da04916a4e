// npm run bench -- [--rows 1000000] [--rounds 3] [--only sync|lists|descriptors|directory] [--json]
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '@gatehouse/database';
import { measureDescriptors } from './descriptors.ts';
import { measureDirectory } from './directory.ts';
import { type Figure, holds, ratio, say } from './figure.ts';
import { measureLists } from './lists.ts';
import { organisations } from './sizes.ts';
import { measureSync } from './sync.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const rows = Number(values.rows);
const rounds = Number(values.rounds);
if (!(rows >= 100 && rounds >= 1)) throw new Error('Write --rows (100 or more) and --rounds (1 or more) as numbers.');

const scratch = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
// When root runs this, PostgreSQL runs as somebody else, who must get through.
chmodSync(scratch, 0o711);
const progress = (text: string) => console.error(text);
const figures: Figure[] = [];
const isAsked = (part: 'sync' | 'lists' | 'descriptors' | 'directory') =>
  values.only === undefined || values.only === part;
try {
  if (isAsked('descriptors')) figures.push(...(await measureDescriptors(scratch, { count: rows, rounds }, progress)));
  if (isAsked('directory')) figures.push(...(await measureDirectory({ count: rows, rounds }, progress)));
  if (isAsked('sync') || isAsked('lists')) await measureDatabase();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const report = figures.map((figure) => ({ ...figure, ratio: ratio(figure), holds: holds(figure) }));
console.log(values.json ? JSON.stringify(report, null, 2) : figures.map(say).join('\n'));

async function measureDatabase(): Promise<void> {
  const server = await startEmbedded({ home: join(scratch, 'home'), onProgress: progress });
  try {
    if (isAsked('sync')) {
      for (const organisation of organisations(rows)) {
        figures.push(...(await measureSync(server, scratch, { ...organisation, rounds }, progress)));
      }
    }
    if (isAsked('lists')) figures.push(...(await measureLists(server, rows, progress)));
  } finally {
    await server.stop();
  }
}
