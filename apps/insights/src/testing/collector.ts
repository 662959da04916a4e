import { type AnyConnector, type Event, empty, stream, withCollected } from '@gatehouse/connector-kit';
import {
  type Batch,
  exportPublicKey,
  type Hello,
  ingestPaths,
  packBatch,
  signMessage,
  toPageBatch,
} from '@gatehouse/connector-kit/ingest';
import { fields } from '@gatehouse/fields';
import type { Json } from '@gatehouse/kernel';
import type { Answer, TestClient } from '@gatehouse/server/testing';
import type { z } from 'zod';
import { acme } from './acme.ts';

const hourly = { needs: 'a domain user', reading: { mode: 'full' }, everyMs: 3_600_000 } as const;
/** Only a collector reads it, so nothing here ever does. */
async function* nothing() {}

/** A plugin that only collectors run: two lists and a stream of events. */
const plugin: AnyConnector = {
  ...{ id: 'active-directory', name: 'Active Directory', summary: 'A domain.', collected: 'only' },
  ...{ config: fields.object({}), setup: [], point: () => '', connect: () => null, check: async () => [] },
  streams: {
    users: stream<never, 'accounts'>({ ...hourly, record: 'accounts', title: 'Users', read: nothing }),
    groups: stream<never, 'groups'>({ ...hourly, record: 'groups', title: 'Groups', read: nothing }),
    events: stream<never, 'events'>({
      ...{ record: 'events', title: 'Security events', needs: 'Event Log Readers', everyMs: 600_000, read: nothing },
      reading: { mode: 'events' },
    }),
  },
};
const { collected: _, ...unread } = plugin;
const agent: AnyConnector = {
  ...unread,
  ...{ id: 'insights-collector', name: 'Insights Collector', agent: { program: 'collector' }, streams: {} },
};

/** What `testInsights` takes for tests of collectors. */
export const collecting = {
  connectors: withCollected([acme, plugin, agent]),
  network: { port: 0, trustProxy: ['127.0.0.1'] },
};

export const domain = { kind: 'active-directory', id: 'S-1-5-21-1-2-3', name: 'corp.example' } as const;
export const users = 'active-directory-users';
export const events = 'active-directory-events';

type Sent = z.input<typeof Batch>;

/** A collector as small as one can be: it signs and sends what a test tells it to. */
export interface FakeCollector {
  readonly publicKey: string;
  id: string;
  /** Numbers go on after this one. */
  count(from: number): void;
  register(installationKey: string, more?: Json): Promise<Answer>;
  hello(more?: Partial<Hello>): Promise<Answer>;
  /** `to`: another copy of the server. */
  send(batch: Sent, to?: string): Promise<Answer>;
  /** A signed request; `tamper` changes what travels after it was signed. */
  ask(method: 'GET' | 'POST', path: string, body: Uint8Array | null, tamper?: Partial<Tampered>): Promise<Answer>;
}

export interface Tampered {
  readonly body: Uint8Array;
  readonly path: string;
  readonly nonce: number;
  readonly createdAt: Date;
  readonly keyId: string;
  readonly key: CryptoKey;
  /** The server. */
  readonly url: string;
}

export const newDeviceKey = () => crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);

export const fakeCollector = async (url: string, host = 'SERVER1'): Promise<FakeCollector> => {
  const pair = await newDeviceKey();
  const publicKey = await exportPublicKey(pair.publicKey);
  const address = `10.${[1, 2, 3].map(() => Math.floor(Math.random() * 250)).join('.')}`;
  let nonce = 0;
  const device = { host, version: '0.1.0', platform: 'linux x64' };

  const ask: FakeCollector['ask'] = async (method, path, body, tamper = {}) => {
    const given = tamper.nonce ?? ++nonce;
    const signed = await signMessage(
      tamper.key ?? pair.privateKey,
      { method, path, body: body ?? new Uint8Array() },
      { keyId: tamper.keyId ?? collector.id, createdAt: tamper.createdAt ?? new Date(), nonce: given },
    );
    const type = path === ingestPaths.batches ? 'application/gzip' : 'application/json';
    return await fetchAnswer(new URL(tamper.path ?? path, tamper.url ?? url), {
      method,
      headers: { ...signed, ...(body && { 'content-type': type }) },
      ...(body && { body: new Uint8Array(tamper.body ?? body) }),
    });
  };
  const collector: FakeCollector = {
    publicKey,
    id: '',
    ask,
    count: (from) => {
      nonce = from;
    },
    register: async (installationKey, more = {}) => {
      const body = { installationKey, publicKey, ...device, ...(more as object) };
      const answer = await fetchAnswer(new URL(ingestPaths.register, url), {
        method: 'POST',
        // A proxy that tests believe says so: many collectors of one machine are no guessing of keys.
        headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
        body: JSON.stringify(body),
      });
      if (answer.status === 200) collector.id = answer.body.collectorId;
      return answer;
    },
    hello: (more = {}) => {
      const hello: Hello = {
        ...{ ...device, startedAt: new Date().toISOString(), now: new Date().toISOString(), sources: [domain] },
        ...{ check: null, streams: [], spool: { batches: 0, bytes: 0, mostBytes: 1_000_000, dropped: [] } },
        ...more,
      };
      return ask('POST', ingestPaths.hello, new TextEncoder().encode(JSON.stringify(hello)));
    },
    send: async (batch, to = url) => ask('POST', ingestPaths.batches, await packBatch(batch), { url: to }),
  };
  return collector;
};

const fetchAnswer = async (url: URL, init: RequestInit): Promise<Answer> => {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(30_000) });
  const text = await response.text();
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch {
    // Not every answer is JSON.
  }
  return { status: response.status, headers: response.headers, text, body };
};

const at = (stream: string, generation: number, sequence: number) => ({
  ...{ source: domain.id, stream, generation, sequence, readAt: new Date().toISOString() },
});

/** Batches of the plugin's users: people by the numbers in their ids. */
export const pageOf = (
  generation: number,
  sequence: number,
  people: readonly number[],
  gone: readonly number[] = [],
): Sent =>
  toPageBatch(
    'accounts',
    {
      records: people.map((number) => ({
        ...{ ...empty('accounts'), id: `u${number}`, login: `user.${number}`, displayName: `User ${number}` },
        ...{ type: 'user', status: 'enabled', raw: { number } },
      })),
      cursor: null,
      gone: gone.map((number) => `u${number}`),
    },
    at(users, generation, sequence),
  );
export const endOf = (
  generation: number,
  sequence: number,
  caveats: { code: string; advice: string }[] = [],
): Sent => ({
  ...{ type: 'end', ...at(users, generation, sequence), caveats },
});
export const faultOf = (generation: number, sequence: number): Sent => ({
  ...{ type: 'fault', ...at(users, generation, sequence) },
  fault: { kind: 'forbidden', advice: 'Let the service account read the domain.' },
});
export const eventsOf = (generation: number, sequence: number, ids: readonly string[]): Sent =>
  toPageBatch(
    'events',
    {
      records: ids.map(
        (id): Event => ({ ...empty('events'), id, time: new Date('2026-05-01T10:00:00Z'), raw: { id } }),
      ),
      cursor: null,
    },
    at(events, generation, sequence),
  );

/** A new connection of a collector, with its key. */
export const addCollector = async (client: TestClient, tenantId: string, name = 'Head office') => {
  const answer = await client.post(`/api/tenants/${tenantId}/connections`, {
    ...{ connector: 'insights-collector', name, settings: {} },
  });
  if (answer.status !== 201) throw new Error(answer.text);
  const { connectionId, installation } = answer.body;
  const key: string = installation.key;
  return { connectionId: connectionId as string, key, answer };
};

/** A registered collector that holds the lease of the domain. */
export const startCollector = async (client: TestClient, tenantId: string, name = 'Head office', host = 'SERVER1') => {
  const { connectionId, key } = await addCollector(client, tenantId, name);
  const collector = await fakeCollector(client.url, host);
  const registered = await collector.register(key);
  if (registered.status !== 200) throw new Error(registered.text);
  const hello = await collector.hello();
  if (hello.status !== 200) throw new Error(hello.text);
  return { connectionId, key, collector, hello };
};
