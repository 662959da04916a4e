import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../testing/errands.ts';
import { type TestSite, testSite } from '../testing/test-site.ts';
import { readRecording } from './read-recording.ts';
import { startRecording } from './write-recording.ts';

let site: TestSite;
beforeAll(async () => {
  site = await testSite();
});
afterAll(() => site?.close());

const keptBytes = async (sessionId: string): Promise<number> => {
  const { rows } = await site.database.system((tx) =>
    sql<{ bytes: number }>`select bytes from recordings where session_id = ${sessionId}`.execute(tx),
  );
  return rows[0]?.bytes ?? 0;
};

test('what comes while a large part is being kept is kept in time, again and again', async () => {
  const sessionId = randomUUID();
  const parts = { database: site.database, clock: systemClock, sealer: site.site.server.sealer };
  const flushMs = 300;
  const writer = await startRecording(parts, { sessionId, format: 'asciicast', flushMs }, () => undefined);
  let written = 0;
  const write = async (part: string) => {
    await writer.write(part);
    written += part.length;
  };
  const isKept = () => until(async () => (await keptBytes(sessionId)) === written);
  for (let turn = 0; turn < 3; turn++) {
    await write('x'.repeat(1_100_000));
    await write('goes with the large one, so that its own time finds nothing left');
    // Timers of one length go off in the order in which they were set.
    const itsTime = pause(flushMs);
    await isKept();
    await itsTime;
    await write('comes after that');
    await isKept();
  }
  await writer.end();
  let read = 0;
  for await (const part of (await readRecording(parts, sessionId)) ?? []) read += part.length;
  expect(read).toBe(written);
});
