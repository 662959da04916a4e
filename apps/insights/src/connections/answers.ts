import type { AnyConnector } from '@gatehouse/connector-kit';
import { describe } from '@gatehouse/fields';
import type { z } from 'zod';
import type { AvailableConnector, Connection, ConnectionDetail, StreamStatus } from '../api/connections.ts';
import { connectivityOf, signsOf } from './connectivity.ts';
import { showSettings } from './settings.ts';
import type { StoredConnection } from './store.ts';

export const toAvailable = (connector: AnyConnector): z.input<typeof AvailableConnector> => ({
  id: connector.id,
  name: connector.name,
  summary: connector.summary,
  agent: connector.agent?.program ?? null,
  // JSON Schema is plain JSON; the library types it more narrowly than an open record.
  schema: { ...describe(connector.config) },
  setup: connector.setup.map(({ title, text, links = [], settings = [], showsEgress = false }) => ({
    title,
    text: [...text],
    links: links.map((link) => ({ ...link })),
    settings: [...settings],
    showsEgress,
  })),
  streams: Object.entries(connector.streams).map(([id, { title, record, needs, everyMs }]) => ({
    id,
    title,
    record,
    needs,
    everyMs,
  })),
});

/** A connection for lists. A connector that this server lost is shown by its id, so that it can still be deleted. */
export const toConnection = (
  stored: StoredConnection,
  connector: AnyConnector | undefined,
): z.input<typeof Connection> => ({
  connectionId: stored.connectionId,
  connector: stored.connector,
  connectorName: connector?.name ?? stored.connector,
  name: stored.name,
  point: stored.point,
  connectivity: connectivityOf(signsOf(stored)),
  status: stored.enabled ? 'on' : 'off',
  lastActivityAt: stored.lastActivityAt.toISOString(),
  lastUpdateAt: newest(stored.streams.map(({ lastReadAt }) => lastReadAt))?.toISOString() ?? null,
  runningRunId: stored.runningRunId,
  agent: connector?.agent?.program ?? null,
});

/** `records`: how many inventory records it has, gone ones included. */
export const toDetail = (
  stored: StoredConnection,
  connector: AnyConnector | undefined,
  records: number,
): z.input<typeof ConnectionDetail> => {
  const states = new Map(stored.streams.map((state) => [state.stream, state]));
  // An agent reads what it was set up for; the other streams it could read are none of this connection's.
  const known = Object.entries(connector?.streams ?? {}).filter(([id]) => !connector?.agent || states.has(id));
  const streams = known.map(([id, stream]): z.input<typeof StreamStatus> => {
    const state = states.get(id);
    return {
      stream: id,
      title: stream.title,
      record: stream.record,
      needs: stream.needs,
      // It cannot be read from there, which is no word about its health.
      health: state?.fault?.kind === 'unsupported' ? 'unsupported' : (state?.health ?? 'not_checked'),
      advice: state?.fault?.advice ?? stored.caveats.find((caveat) => caveat.stream === id)?.advice ?? null,
      records: state?.records ?? 0,
      lastReadAt: state?.lastReadAt?.toISOString() ?? null,
      nextReadAt: stored.enabled ? (state?.nextReadAt?.toISOString() ?? null) : null,
      everyMs: stream.everyMs,
    };
  });
  const next = streams.flatMap(({ nextReadAt }) => nextReadAt ?? []).toSorted()[0] ?? null;
  return {
    ...toConnection(stored, connector),
    settings: showSettings(stored.settings),
    streams,
    caveats: stored.caveats.map(({ code, advice }) => ({ code, advice })),
    createdAt: stored.createdAt.toISOString(),
    nextRunAt: next,
    records,
  };
};

const newest = (times: readonly (Date | null)[]): Date | null =>
  times.reduce((newest, time) => (time && (!newest || time > newest) ? time : newest), null);
