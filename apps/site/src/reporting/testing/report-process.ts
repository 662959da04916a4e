// A thread with little memory, which reads every support session as a report and takes it slowly. `{url, migrations}`
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from '@gatehouse/database';
import { toDocument } from '../stream.ts';
import { wholeSessions } from '../support/rows.ts';
import { writeSession } from '../support/session-elements.ts';

const database = await openDatabase({ url: workerData.url, migrations: workerData.migrations, poolSize: 2 });
const choice = { by: 'start', span: { from: new Date(0), until: null } } as const;
const context = { customFields: new Map(), now: new Date(), link: () => 'https://site.example/session_download' };
const [counts, most] = [{ sessions: 0, bytes: 0, ahead: 0 }, { ahead: 0 }];
const rows = async function* () {
  for await (const whole of wholeSessions(database, choice)) {
    counts.sessions += 1;
    counts.ahead += 1;
    most.ahead = Math.max(most.ahead, counts.ahead);
    yield* writeSession(whole, context);
  }
};
const document = await toDocument({ root: 'session_list', rows: rows(), nothing: '' }, 'urn:x');
if (!('bytes' in document)) throw new Error('there is nothing');
const taken = new Writable({
  highWaterMark: 1,
  write(chunk: Buffer, _encoding, done) {
    counts.bytes += chunk.length;
    counts.ahead = 0;
    setImmediate(done);
  },
});
await pipeline(document.bytes, taken);
await database.close();
parentPort?.postMessage({ sessions: counts.sessions, bytes: counts.bytes, mostAhead: most.ahead });
