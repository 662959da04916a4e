import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { ok, testClient } from '@gatehouse/server/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../testing/errands.ts';
import { headersOf } from '../../testing/page-socket.ts';
import { sweepSupport } from '../sweep.ts';
import { type Desk, openDesk } from '../testing/desk.ts';
import { customerLine, openLivePage, representativeLine } from '../testing/live-page.ts';

let desk: Desk;
const copies: ChildProcess[] = [];
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(async () => {
  for (const copy of copies) copy.kill('SIGKILL');
  await desk?.close();
});

/** Another copy of the site, as it is installed, on the same database. */
const startCopy = async () => {
  const copy = fork(join(import.meta.dirname, '../../testing/site-process.ts'), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...{ ...process.env, GATEHOUSE_HOME: desk.home, GATEHOUSE_PORT: '0', NODE_NO_WARNINGS: '1' },
      GATEHOUSE_DATABASE_URL: desk.test.url,
    },
  });
  copies.push(copy);
  const [said] = await once(copy, 'message');
  return { url: String(Object(said).url), copy };
};

const begin = async () => {
  const { key } = await desk.key();
  const carol = testClient(desk.url);
  const begun = await ok(carol.post('/api/portal/sessions', { key, name: 'Carol', agreed: true }));
  const lsid: string = begun.body.session.lsid;
  await ok(desk.anna.post(`/api/support/sessions/${lsid}/join`, {}));
  return { carol, lsid };
};
const stateOf = async (lsid: string) => (await ok(desk.operator.get(`/api/support-sessions/${lsid}`))).body;

test('a copy of the site that is killed in mid-session loses nothing that it took, and nothing stands there twice', async () => {
  const { url, copy } = await startCopy();
  const { carol, lsid } = await begin();
  const anna = await openLivePage(desk.anna, representativeLine(lsid));
  const there = { url, cookies: carol.cookies };
  const customer = await openLivePage(there, customerLine);
  customer.send({ type: 'screen', on: true, mediaType: 'video/webm; codecs="vp8"' });
  customer.send(Buffer.from([1, 1, 2, 3]));
  // A file of which the half comes.
  const sent = request(new URL('/api/portal/session/files?name=half.bin', url), {
    method: 'PUT',
    headers: { ...headersOf(there), 'content-type': 'application/octet-stream', 'content-length': '2000000' },
  });
  sent.on('error', () => undefined);
  sent.write(Buffer.alloc(1_000_000, 7));

  const sayings = Array.from({ length: 60 }, (_, number) => ({ id: randomUUID(), text: `Message ${number}` }));
  for (const { id, text } of sayings.slice(0, 20)) customer.say(text, id);
  await customer.until((page) => page.words().length >= 20);
  for (const { id, text } of sayings.slice(20, 40)) customer.say(text, id);
  copy.kill('SIGKILL');
  await customer.closed;

  // As the page does: it comes back, and says again what nobody confirmed.
  const confirmed = new Set(customer.events().map(({ body }) => body.id));
  const again = await openLivePage(carol, customerLine, customer.events().at(-1)?.seq);
  for (const { id, text } of sayings) if (!confirmed.has(id)) again.say(text, id);
  await anna.until((page) => page.words().length >= sayings.length);
  await again.until((page) => page.words().includes('Message 59'));
  expect(anna.words()).toEqual(sayings.map(({ text }) => text));

  const { events } = await stateOf(lsid);
  const kinds = events.map(({ type }: { type: string }) => type);
  expect(kinds.filter((type: string) => type === 'chat_message')).toHaveLength(sayings.length);
  // Half a file is offered to nobody.
  expect(kinds).not.toContain('file_sent');
  await again.close();
  await anna.close();
});

test('whoever was in a session while the site was away has time to come back', async () => {
  const { lsid } = await begin();
  const by = { principal: { kind: 'program', id: 'sweep', name: 'Sweep' }, correlationId: 'sweep' } as const;
  const parts = { database: desk.database, clock: desk.clock };
  const before = desk.clock.now();
  // Nobody heard of anybody for a quarter of an hour, because nobody was there to hear it.
  desk.clock.move(900_000);
  await sweepSupport(parts, by, desk.clock.now());
  expect(await stateOf(lsid)).toMatchObject({ state: 'active' });
  expect((await stateOf(lsid)).participants.every(({ leftAt }: { leftAt: string | null }) => leftAt === null)).toBe(
    true,
  );
  await sweepSupport(parts, by, before);
  await until(async () => (await stateOf(lsid)).state !== 'active');
});
