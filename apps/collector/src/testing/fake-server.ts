import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Batch,
  Hello,
  type HelloAnswer,
  importPublicKey,
  ingestPaths,
  Registration,
  readClaims,
  refusals,
  unpackBatch,
  verifyMessage,
} from '@gatehouse/connector-kit/ingest';

/** A server as far as a collector meets it, over real HTTP: it keeps to the protocol and remembers everything. */
export interface FakeServer {
  readonly url: string;
  /** Every batch that was stored, in order. */
  readonly batches: readonly Batch[];
  readonly hellos: readonly Hello[];
  /** Everything that came in or went out, as text, to search it. */
  readonly heard: readonly string[];
  /** How often something was known, refused as out of order, or refused as stale. */
  readonly counts: { known: number; outOfOrder: number; stale: number };
  readonly installationKeys: Set<string>;
  /** What it does now; change it at any time. */
  readonly knobs: Knobs;
  /** What it has of each stream. */
  readonly places: Map<string, { generation: number; next: number }>;
  /** It has seen this number. */
  sawNonce(nonce: number): void;
  close(): Promise<void>;
}

interface Knobs {
  /** Added to the time that it tells and judges by. */
  clockMs: number;
  /** A problem that it answers everything but registration with. */
  refuse: { status: number; code: string } | null;
  /** The same for batches alone; for so many of them. */
  refuseBatches: { status: number; code: string; times: number } | null;
  /** Breaks the connection: before it does anything, or when everything is done and only the answer is missing. */
  breaks: 'before' | 'after' | null;
  /** How often a broken connection breaks; then all is well. */
  breaksLeft: number;
  everyMs: number;
  /** Sources that others read. */
  heldBy: string[];
  runNow: string[];
  offers: string | null;
  release: Readonly<Record<string, Uint8Array | string>>;
  releaseKey: string;
}

export const collectorId = '0190f5a0-0000-7000-8000-000000000001';

export const startFakeServer = async (port = 0, from?: FakeServer): Promise<FakeServer> => {
  const batches: Batch[] = [...(from?.batches ?? [])];
  const hellos: Hello[] = [];
  const heard: string[] = [];
  const counts = from?.counts ?? { known: 0, outOfOrder: 0, stale: 0 };
  const installationKeys = from?.installationKeys ?? new Set(['installation-key-of-the-tests']);
  const places = from?.places ?? new Map<string, { generation: number; next: number }>();
  const state: Device = devices.get(from?.places ?? places) ?? { key: null, nonce: 0 };
  devices.set(places, state);
  const knobs: Knobs = from?.knobs ?? {
    ...{
      clockMs: 0,
      refuse: null,
      refuseBatches: null,
      breaks: null,
      breaksLeft: 0,
      everyMs: 100,
      heldBy: [],
      runNow: [],
    },
    ...{ offers: null, release: {}, releaseKey: `${'A'.repeat(43)}=` },
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bytesOf(request);
    const { method = '', url: path = '' } = request;
    heard.push(`${method} ${path} ${JSON.stringify(request.headers)} ${new TextDecoder().decode(body)}`);
    const breaks = knobs.breaksLeft > 0 ? knobs.breaks : null;
    if (breaks !== null) knobs.breaksLeft--;
    if (breaks === 'before') return void response.destroy();
    const { status, json, bytes } = await route(method, path, body, request.headers);
    if (breaks === 'after') return void response.destroy();
    const out = bytes ?? new TextEncoder().encode(JSON.stringify(json));
    response.writeHead(status, {
      'content-type': bytes ? 'application/octet-stream' : 'application/json',
      date: new Date(now()).toUTCString(),
    });
    response.end(out);
  };
  const now = () => Date.now() + knobs.clockMs;
  type Out = { status: number; json?: unknown; bytes?: Uint8Array };
  const problem = (status: number, code: string, more: object = {}): Out => ({
    status,
    json: { type: `urn:gatehouse:problem:${code}`, title: code, status, detail: `${code}.`, requestId: 'x', ...more },
  });

  const route = async (
    method: string,
    path: string,
    body: Uint8Array,
    headers: IncomingMessage['headers'],
  ): Promise<Out> => {
    if (path === ingestPaths.register) {
      const registration = Registration.parse(JSON.parse(new TextDecoder().decode(body)));
      if (!installationKeys.delete(registration.installationKey)) return problem(401, refusals.key);
      state.key = await importPublicKey(registration.publicKey);
      return { status: 200, json: { collectorId, name: 'Head office', releaseKey: knobs.releaseKey } };
    }
    const claims = readClaims(headers);
    if (
      state.key === null ||
      claims?.keyId !== collectorId ||
      !(await verifyMessage(state.key, { method, path, body }, headers))
    )
      return problem(401, refusals.signature);
    if (claims.nonce <= state.nonce || Math.abs(claims.createdAt.getTime() - now()) > 600_000) {
      counts.stale++;
      return problem(401, refusals.stale);
    }
    state.nonce = claims.nonce;
    if (knobs.refuse !== null) return problem(knobs.refuse.status, knobs.refuse.code);
    if (path === ingestPaths.hello)
      return { status: 200, json: greet(Hello.parse(JSON.parse(new TextDecoder().decode(body)))) };
    if (path === ingestPaths.batches && knobs.refuseBatches !== null && knobs.refuseBatches.times-- > 0)
      return problem(knobs.refuseBatches.status, knobs.refuseBatches.code);
    if (path === ingestPaths.batches) return await store(await unpackBatch(body));
    if (path === ingestPaths.release) return fileOf('release.json');
    return fileOf(path.slice(ingestPaths.release.length + 1));
  };

  const fileOf = (name: string): Out => {
    const file = knobs.release[name];
    if (file === undefined) return problem(404, 'not-found');
    return { status: 200, bytes: typeof file === 'string' ? new TextEncoder().encode(file) : file };
  };

  const greet = (hello: Hello): HelloAnswer => {
    hellos.push(hello);
    const until = new Date(now() + 120_000).toISOString();
    const runNow = knobs.runNow.splice(0);
    return {
      now: new Date(now()).toISOString(),
      leases: hello.sources.filter(({ id }) => !knobs.heldBy.includes(id)).map(({ id }) => ({ source: id, until })),
      heldBy: knobs.heldBy.map((source) => ({ source, collector: 'Branch' })),
      places: [...places].map(([stream, place]) => ({ stream, ...place })),
      ...{ runNow, everyMs: knobs.everyMs, offers: knobs.offers },
    };
  };

  const store = async (batch: Batch): Promise<Out> => {
    const { stream, generation, sequence, source } = batch;
    if (knobs.heldBy.includes(source)) return problem(409, refusals.lease);
    const place = places.get(stream) ?? null;
    const has = place ?? { generation: 0, next: 0 };
    if (generation === has.generation && sequence < has.next) {
      counts.known++;
      return { status: 200, json: { state: 'known' } };
    }
    const isNext = generation === has.generation && sequence === has.next;
    if (!isNext && !(generation > has.generation && sequence === 0)) {
      counts.outOfOrder++;
      return problem(409, refusals.order, { place });
    }
    places.set(stream, { generation, next: sequence + 1 });
    batches.push(batch);
    return { status: 200, json: { state: 'stored' } };
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      heard.push(`the fake failed: ${String(error)}`);
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  // A server that listens on TCP has a port.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ url, batches, hellos, heard, counts, installationKeys, knobs, places },
    sawNonce(nonce) {
      state.nonce = nonce;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

interface Device {
  key: CryptoKey | null;
  nonce: number;
}
/** A server that is started again knows the device that it knew. */
const devices = new WeakMap<object, Device>();

const bytesOf = async (request: IncomingMessage): Promise<Uint8Array> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // a request gives bytes as long as no encoding is set
  return new Uint8Array(Buffer.concat(chunks));
};
