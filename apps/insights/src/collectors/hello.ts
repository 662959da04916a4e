import type { AnyConnector } from '@gatehouse/connector-kit';
import { collectedStream } from '@gatehouse/connector-kit';
import type { Hello, HelloAnswer, Source } from '@gatehouse/connector-kit/ingest';
import type { Sql } from '@gatehouse/database';
import { audit, type ProgramAct } from '@gatehouse/server';
import { sql } from 'kysely';
import type { z } from 'zod';
import { writeActivity } from '../connections/index.ts';
import { forgetStream, listPlaces } from './inbox.ts';
import { type SettleParts, settleCollector } from './settle.ts';
import { type Granted, grantSource, listSources, releaseSources, type StoredSource, saveWanted } from './sources.ts';
import { saveHello } from './store.ts';

export interface HelloParts extends SettleParts {
  readonly connectors: ReadonlyMap<string, AnyConnector>;
}

/**
 * Often enough that a wish to read now is heard within seconds without keeping a request open: an answer that waits
 * would hold a socket for every collector, and proxies in between end what is silent.
 */
const everyMs = 15_000;
/** While a person waits. */
const soonMs = 2_000;
/** A wish that nobody heard by then is forgotten. */
const wishMs = 10 * 60_000;

/** Takes in how a collector is, and answers with what it may read, where it stands and what is asked of it. */
export const answerHello = async (
  tx: Sql,
  act: ProgramAct,
  hello: Hello,
  at: Date,
  parts: HelloParts,
): Promise<z.input<typeof HelloAnswer>> => {
  const { tenantId, principal } = act;
  const connectionId = principal.id;
  const dropped = toDropped(hello, at);
  await saveHello(tx, tenantId, connectionId, { hello, dropped, isBehind: isBehind(hello, parts.offers), at });
  if (dropped) await writeActivity(tx, tenantId, { connectionId, at, kind: 'collector', title: dropped.text });

  // In one order, so that two collectors that name the same sources never wait for each other in a circle.
  const asked = firstOfEachKind(hello.sources).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  await releaseSources(
    tx,
    tenantId,
    connectionId,
    asked.map(({ id }) => id),
  );
  const granted: Granted[] = [];
  for (const source of asked) {
    const one = await grantSource(tx, tenantId, connectionId, source, at);
    if (!one) continue;
    granted.push(one);
    await noteGrant(tx, act, one, at, parts);
  }
  const places = [];
  for (const { home, source } of granted) places.push(...(await listPlaces(tx, tenantId, home, source.kind)));
  const names = asked.map(({ id }) => id);
  const sources = await listSources(tx, tenantId, connectionId, names);
  const runNow = await collectWishes(tx, act, hello, sources, at);
  await settleCollector(tx, tenantId, connectionId, at, parts);
  return {
    now: at.toISOString(),
    leases: granted.map(({ source, until }) => ({ source: source.id, until: until.toISOString() })),
    heldBy: sources
      .filter(({ source, holder }) => names.includes(source) && holder !== null && holder !== connectionId)
      .map(({ source, holderName }) => ({ source, collector: holderName ?? '' })),
    places: places.map(({ stream, generation, next }) => ({ stream, generation, next })),
    runNow,
    everyMs: runNow.length > 0 ? soonMs : everyMs,
    offers: parts.offers,
  };
};

/** One collector reads one domain and one Password Safe: streams are told apart by their kind. */
const firstOfEachKind = (sources: readonly Source[]): readonly Source[] =>
  sources.filter(({ kind }, i) => sources.findIndex((one) => one.kind === kind) === i);

const isBehind = ({ version }: Hello, offers: string | null) => offers !== null && version !== offers;

const toDropped = ({ host, spool: { dropped } }: Hello, at: Date) => {
  if (dropped.length === 0) return null;
  const count = dropped.reduce((all, { batches }) => all + batches, 0);
  const from = dropped.map((one) => one.from).toSorted()[0] ?? '';
  const streams = [...new Set(dropped.map(({ stream }) => stream))].slice(0, 5).join(', ');
  return {
    at: at.toISOString(),
    text: `The collector on ${host} was cut off for longer than its spool holds and threw away ${count.toLocaleString('en-US')} ${count === 1 ? 'batch' : 'batches'} of ${streams}, read from ${from.slice(0, 16).replace('T', ' ')} UTC on. Lists are read again by themselves; events of that time are missing.`,
  };
};

const noteGrant = async (
  tx: Sql,
  act: ProgramAct,
  { source, from, home, isNewHome }: Granted,
  at: Date,
  { connectors }: HelloParts,
): Promise<void> => {
  const { tenantId, principal } = act;
  const connectionId = principal.id;
  if (isNewHome) {
    // What this connection had of another source of the kind is read over from the beginning.
    const streams = Object.keys(connectors.get(source.kind)?.streams ?? {});
    for (const stream of streams.map((id) => collectedStream(source.kind, id))) {
      await forgetStream(tx, tenantId, connectionId, stream);
      await sql`insert into stream_states (tenant_id, connection_id, stream) values (${tenantId}, ${connectionId}, ${stream})
        on conflict do nothing`.execute(tx);
    }
  }
  if (from === null && !isNewHome) return;
  await audit(tx, act, {
    action: 'collector.lease',
    target: source.name,
    change: {
      source: source.id,
      from: from === null ? connectionId : from === 'unread' ? null : from,
      to: connectionId,
      home,
    },
  });
  const title = isNewHome ? `Reads ${source.name} and keeps its records` : `Took over reading ${source.name}`;
  await writeActivity(tx, tenantId, { connectionId, at, kind: 'collector', title });
  if (from !== null && from !== 'unread') {
    const lost = `${principal.name} took over reading ${source.name}, because this collector was not heard of`;
    await writeActivity(tx, tenantId, { connectionId: from, at, kind: 'collector', title: lost });
  }
};

/** Streams that a person waits for, without those whose wish is fulfilled or too old. */
const collectWishes = async (
  tx: Sql,
  { tenantId, principal }: ProgramAct,
  hello: Hello,
  sources: readonly StoredSource[],
  at: Date,
): Promise<string[]> => {
  const wishes: string[] = [];
  for (const { source, holder, wanted } of sources) {
    if (holder !== principal.id || Object.keys(wanted).length === 0) continue;
    const open = Object.entries(wanted).filter(([stream, askedAt]) => isOpen(hello, stream, askedAt, at));
    wishes.push(...open.map(([stream]) => stream));
    if (open.length < Object.keys(wanted).length) await saveWanted(tx, tenantId, source, Object.fromEntries(open));
  }
  return wishes.slice(0, 200);
};

const isOpen = (hello: Hello, stream: string, askedAt: Date, at: Date): boolean => {
  if (at.getTime() - askedAt.getTime() > wishMs) return false;
  const said = hello.streams.find((one) => one.stream === stream);
  return !(said?.state === 'reading' || (said?.readAt && Date.parse(said.readAt) >= askedAt.getTime()));
};
