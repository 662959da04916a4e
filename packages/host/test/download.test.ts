import { Fault } from '@gatehouse/kernel';
import { afterEach, expect, test } from 'vitest';
import { openDownload } from '../src/index.ts';
import { type FakeServer, type Reply, reply, startServer } from '../src/testing/index.ts';

const servers: FakeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
const signal = new AbortController().signal;
const serve = async (answer: Reply) => {
  const server = await startServer({ '*': answer });
  servers.push(server);
  return server;
};
const read = async (origin: string, more: object = {}) => {
  const { body, ...head } = await openDownload(
    { system: 'The site', origin, address: `${origin}/x?h=secret`, ...more },
    { signal },
  );
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return { ...head, text: Buffer.concat(parts).toString() };
};
const failure = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof Fault ? { kind: error.kind, detail: error.detail ?? '' } : error),
  );

test('what is downloaded comes as it is, from the one origin, with nothing added and the query in no word', async () => {
  const server = await serve(reply.text('words', { 'content-type': 'video/webm', 'content-length': '5' }));
  expect(await read(server.origin)).toEqual({ contentType: 'video/webm', bytes: 5, text: 'words' });
  expect(server.requests[0]?.headers.authorization).toBe(undefined);
  const other = await serve(reply.text('never'));
  expect(await failure(read(server.origin, { address: `${other.origin}/x` }))).toMatchObject({ kind: 'unexpected' });
  const away = await serve((_, response) => void response.writeHead(302, { location: other.origin }).end());
  expect(await failure(read(away.origin))).toBeTruthy();
  expect(other.requests).toEqual([]);
  for (const status of [403, 404, 500]) {
    const refusing = await serve(reply.status(status));
    const found = await failure(read(refusing.origin));
    expect(found).toMatchObject({ detail: expect.stringContaining(String(status)) });
    expect(JSON.stringify(found)).not.toContain('secret');
  }
});

test('what breaks off, stalls, has no end or is stopped is a failure, and never the whole', async () => {
  expect(await failure(read((await serve(reply.cut())).origin))).toMatchObject({ kind: 'unreachable' });
  expect(await failure(read((await serve(reply.dead())).origin))).toMatchObject({ kind: 'unreachable' });
  expect(await failure(read((await serve(reply.silent())).origin, { headMs: 100 }))).toMatchObject({
    ...{ kind: 'unreachable', detail: expect.stringContaining('nothing was heard') },
  });
  expect(await failure(read((await serve(reply.stalled())).origin, { idleMs: 100 }))).toMatchObject({
    ...{ kind: 'unreachable', detail: expect.stringContaining('nothing was heard') },
  });
  expect(await failure(read((await serve(reply.huge(10_000_000))).origin, { maxBytes: 1_000_000 }))).toMatchObject({
    ...{ kind: 'unexpected', detail: expect.stringContaining('more than 1000000') },
  });
  const closing = new AbortController();
  const { origin } = await serve(reply.stalled());
  const opened = await openDownload({ system: 'The site', origin, address: origin }, { signal: closing.signal });
  setTimeout(() => closing.abort(new Error('stopping')), 50);
  await expect(
    (async () => {
      for await (const _ of opened.body);
    })(),
  ).rejects.toThrow('stopping');
});
