import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { Agent, request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Log, realDisk } from '@gatehouse/host/agent';
import { Secret, systemClock } from '@gatehouse/kernel';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type EventQueue, openEventQueue } from './event-queue.ts';
import { openReceiver, type ReceiverOptions } from './receiver.ts';
import { eventXml, readArriving, temporaryFolder, winlogbeatJson } from './testing/reading-events.ts';

const token = 'token-of-the-tests';
const bearer = { authorization: `Bearer ${token}` };
const quiet: Log = { write: () => undefined };

let home: string;
beforeEach(() => {
  const { folder, remove } = temporaryFolder();
  home = folder;
  return remove;
});
const openQueue = (mostBytes = 100_000_000): Promise<EventQueue> =>
  openEventQueue({ folder: join(home, 'queue'), mostBytes, zone: null, disk: realDisk, clock: systemClock });
const listen = async (more: Partial<ReceiverOptions> & { mostQueued?: number } = {}) => {
  const queue = more.queue ?? (await openQueue(more.mostQueued));
  const options = { address: '127.0.0.1', port: 0, token: new Secret(token), queue, log: quiet };
  const receiver = await openReceiver({ ...options, ...more });
  onTestFinished(() => receiver.close());
  const url = `http://127.0.0.1:${receiver.port}`;
  return {
    ...{ queue, url, port: receiver.port },
    send: (body: string | Uint8Array, headers: Record<string, string> = {}, path = '/') =>
      fetch(`${url}${path}`, { method: 'POST', body: Buffer.from(body), headers: { ...bearer, ...headers } }),
  };
};
const lying = () =>
  readdirSync(join(home, 'queue')).filter((name) => name.endsWith('.events') || name.endsWith('.part'));

describe('forwarded events', () => {
  test('arrive as arrays, lines and XML, plain and compressed, each acknowledged when it is on disk', async () => {
    const { send, queue } = await listen();
    const bodies: readonly [body: string | Uint8Array, headers?: Record<string, string>][] = [
      [`[${winlogbeatJson(1)},${winlogbeatJson(2)}]`, { 'content-type': 'application/json' }],
      [`${winlogbeatJson(3)}\n${winlogbeatJson(4)}\n`, { 'content-type': 'application/x-ndjson' }],
      [`<Events>${eventXml(5)}${eventXml(6)}</Events>`, { 'content-type': 'text/xml' }],
      [gzipSync(eventXml(7)), { 'content-encoding': 'gzip' }],
    ];
    for (const [index, [body, headers]] of bodies.entries()) {
      expect((await send(body, headers)).status).toBe(204);
      expect(lying()).toHaveLength(index + 1);
    }
    const first = await readArriving([queue.log]);
    expect(first.recordIds).toEqual([1, 2, 3, 4, 5, 6, 7]);
    // Let go when they are kept, and not before.
    expect(lying()).toHaveLength(4);
    expect((await readArriving([queue.log], first.cursor)).recordIds).toEqual([]);
    expect(lying()).toEqual([]);
  });

  test('arrive from Winlogbeat by the bulk API of Elasticsearch', async () => {
    const { url, send, queue } = await listen();
    const apiKey = { authorization: `ApiKey ${Buffer.from(`winlogbeat:${token}`).toString('base64')}` };
    const hello = await fetch(url, { headers: apiKey });
    expect(hello.headers.get('x-elastic-product')).toBe('Elasticsearch');
    expect(await hello.json()).toMatchObject({ version: { number: expect.stringMatching(/^\d+\.\d+\.\d+$/) } });
    const action = '{"create":{"_index":"winlogbeat-8.17.0"}}';
    const body = gzipSync([1, 2, 3].map((id) => `${action}\n${winlogbeatJson(id)}\n`).join(''));
    const answer = await send(
      body,
      { ...apiKey, 'content-encoding': 'gzip', 'content-type': 'application/x-ndjson' },
      '/_bulk?filter_path=errors%2Citems.%2A.error%2Citems.%2A.status',
    );
    expect(answer.status).toBe(200);
    const words = (await answer.json()) as { errors: boolean; items: { create: { status: number } }[] };
    expect(words.errors).toBe(false);
    expect(words.items.map(({ create }) => create.status)).toEqual([201, 201, 201]);
    expect((await readArriving([queue.log])).recordIds).toEqual([1, 2, 3]);
  });

  test('are refused without the token, whatever else is given', async () => {
    const { url, queue } = await listen();
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    const forged = [
      undefined,
      '',
      'Bearer',
      `Bearer ${token}x`,
      `Bearer ${token.slice(1)}`,
      basic('a:b'),
      basic(token),
    ];
    for (const authorization of [...forged, `Digest ${token}`]) {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      for (const path of ['/', '/_bulk'])
        expect((await fetch(`${url}${path}`, { method: 'POST', body: eventXml(1), headers })).status).toBe(401);
      expect((await fetch(url, { headers })).status).toBe(401);
    }
    expect((await fetch(url, { headers: { authorization: basic(`any:${token}`) } })).status).toBe(200);
    expect((await readArriving([queue.log])).recordIds).toEqual([]);
    expect(lying()).toEqual([]);
  });

  test.each([
    ['text', 'hello', {}, '/', 400],
    ['nothing', '', {}, '/', 400],
    ['gzip that is damaged', gzipSync(eventXml(1)).subarray(0, 60), { 'content-encoding': 'gzip' }, '/', 400],
    ['another encoding', eventXml(1), { 'content-encoding': 'br' }, '/', 415],
    ['a bulk that deletes', '{"delete":{"_id":"1"}}\n', {}, '/_bulk', 400],
    ['a bulk without its last document', '{"create":{}}\n', {}, '/_bulk', 400],
  ] as const)('that are %s are refused, and nothing of them stays', async (_, body, headers, path, status) => {
    const { send } = await listen();
    expect((await send(body, headers as Record<string, string>, path)).status).toBe(status);
    expect(lying()).toEqual([]);
  });

  test('of a hundred megabytes at once are refused in words, and take no room and no memory', async () => {
    const { send, port } = await listen();
    const before = process.memoryUsage().rss;
    const bomb = gzipSync(Buffer.alloc(100_000_000, 0x20));
    expect((await send(Buffer.concat([bomb]), { 'content-encoding': 'gzip' })).status).toBe(413);
    const announced = await speak(port, head({ 'content-length': '100000000' }));
    expect(announced).toMatch(/^HTTP\/1\.1 413 /);
    // Without a length, in pieces, as long as it is taken.
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(0x100000, 0x7b), Buffer.from('\r\n')]);
    const streamed = await speak(
      port,
      head({ 'transfer-encoding': 'chunked' }),
      ...Array.from({ length: 100 }, () => chunk),
    );
    expect(streamed).toMatch(/^HTTP\/1\.1 413 /);
    expect(lying()).toEqual([]);
    expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000);
  });

  test('of a client that dawdles are given up, and the others go on', async () => {
    const { port, send, queue } = await listen({ requestMs: 300 });
    const slow = speak(port, head({ 'content-length': '1000' }), Buffer.from('<Ev'));
    expect((await send(eventXml(1))).status).toBe(204);
    expect(await slow).not.toMatch(/ 20\d /);
    expect((await readArriving([queue.log])).recordIds).toEqual([1]);
    expect(lying().filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('that break off are not taken', async () => {
    const { port, queue } = await listen();
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(`${head({ 'content-length': '100000' })}${eventXml(1)}`);
    await settled(() => lying().length === 1);
    socket.destroy();
    await settled(() => lying().length === 0);
    expect((await readArriving([queue.log])).recordIds).toEqual([]);
  });

  test('are only taken encrypted from elsewhere', async () => {
    const [key, certificate] = [join(home, 'key.pem'), join(home, 'cert.pem')];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
        ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate],
      ],
      { stdio: 'ignore' },
    );
    const tls = { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
    const { port, queue } = await listen({ tls });
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const agent = new Agent({ ca: tls.certificate });
      httpsRequest({ host: 'localhost', port, method: 'POST', headers: bearer, agent, family: 4 }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end(eventXml(1));
    });
    expect(status).toBe(204);
    expect((await readArriving([queue.log])).recordIds).toEqual([1]);
  });
});

describe('the queue of forwarded events', () => {
  const deliver = async (queue: EventQueue, recordId: number) => {
    const delivery = await queue.begin();
    await delivery.write(Buffer.from(eventXml(recordId)));
    await delivery.commit();
  };
  const one = Buffer.byteLength(eventXml(1));

  test('drops the oldest when it is full, and says how many, how large and when', async () => {
    const queue = await openQueue(one * 3);
    for (let i = 1; i <= 5; i++) await deliver(queue, i);
    const first = await readArriving([queue.log]);
    expect(first.recordIds).toEqual([3, 4, 5]);
    expect(first.caveats).toMatchObject([{ code: 'events-dropped' }]);
    expect(first.caveats[0]?.advice).toMatch(
      new RegExp(`^2 deliveries of forwarded events \\(${one * 2} bytes\\) that arrived from 20.* to 20.* UTC`),
    );
    // Also by a process that comes after this one.
    const again = await readArriving([(await openQueue(one * 3)).log]);
    expect(again.caveats).toEqual(first.caveats);
    const later = await openQueue(one * 3);
    await readArriving([later.log], again.cursor);
    expect((await readArriving([later.log])).caveats).toEqual([]);
  });

  test('tells what it dropped after what was kept, and not before that is kept, too', async () => {
    const queue = await openQueue(one * 3);
    await deliver(queue, 1);
    const first = await readArriving([queue.log]);
    for (let i = 2; i <= 5; i++) await deliver(queue, i);
    const second = await readArriving([queue.log], first.cursor);
    expect(second.recordIds).toEqual([3, 4, 5]);
    expect(second.caveats[0]?.advice).toMatch(/^2 deliveries/);
  });

  test('refuses what it could never hold', async () => {
    const { send } = await listen({ mostQueued: 1_000_000 });
    expect((await send(`{"a":"${randomBytes(600_000).toString('hex')}"}`)).status).toBe(413);
    expect(lying()).toEqual([]);
  });

  test('never numbers anew, so that nothing new passes for something kept', async () => {
    const queue = await openQueue();
    for (let i = 1; i <= 3; i++) await deliver(queue, i);
    const first = await readArriving([queue.log]);
    await readArriving([queue.log], first.cursor);
    const later = await openQueue();
    await deliver(later, 4);
    expect((await readArriving([later.log], first.cursor)).recordIds).toEqual([4]);
  });

  test('removes what a killed process left half-written', async () => {
    const queue = await openQueue();
    await deliver(queue, 1);
    writeFileSync(join(home, 'queue', '123-1.part'), '<Ev');
    const { log } = await openQueue();
    expect(lying()).toHaveLength(1);
    expect((await readArriving([log])).recordIds).toEqual([1]);
  });

  test('is its owner’s alone', async () => {
    await deliver(await openQueue(), 1);
    for (const name of readdirSync(join(home, 'queue')))
      expect((statSync(join(home, 'queue', name)).mode & 0o077).toString(8)).toBe('0');
  });
});

const head = (headers: Record<string, string>): string =>
  `POST / HTTP/1.1\r\nhost: localhost\r\n${Object.entries({ ...bearer, ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

/** Writes as a client does that looks at no answer until it has written all or cannot go on; gives what it heard. */
const speak = (port: number, ...pieces: readonly (string | Buffer)[]): Promise<string> =>
  new Promise((resolve) => {
    let heard = '';
    let wake = () => {};
    const socket: Socket = connect(port, '127.0.0.1', async () => {
      for (const piece of pieces) {
        if (socket.destroyed || heard !== '') break;
        if (!socket.write(piece))
          await new Promise<void>((next) => {
            wake = next;
          });
      }
    });
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      if (heard.includes('\r\n\r\n')) socket.end();
    });
    socket.on('drain', () => wake());
    socket.on('error', () => undefined);
    socket.on('close', () => {
      wake();
      resolve(heard);
    });
  });

const settled = async (isTrue: () => boolean) => {
  const end = Date.now() + 10_000;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error('it did not become so');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
