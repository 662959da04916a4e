import type { AnyConnector } from '@gatehouse/connector-kit';
import type { Release } from '@gatehouse/server';
import type { z } from 'zod';
import type { Collector } from '../api/collectors.ts';
import { installCommand } from './installation.ts';
import type { KeyState } from './keys.ts';
import type { StoredSource } from './sources.ts';
import type { StoredCollector } from './store.ts';

export interface CollectorAnswerParts {
  readonly release: Release | null;
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly agent: AnyConnector | undefined;
  readonly baseUrl: string;
  readonly now: Date;
}

export const toCollector = (
  collector: StoredCollector,
  key: KeyState | null,
  sources: readonly StoredSource[],
  parts: CollectorAnswerParts,
): z.input<typeof Collector> => {
  const { release, baseUrl, agent } = parts;
  const { hello } = collector;
  const program = release?.manifest.files.find(({ name }) => name === release.program);
  const wanted = new Set(
    sources.filter(({ home }) => home === collector.connectionId).flatMap((source) => Object.keys(source.wanted)),
  );
  return {
    connectionId: collector.connectionId,
    name: collector.name,
    device: toDevice(collector),
    offers: release?.version ?? null,
    key: key && {
      state: key.state,
      createdAt: key.createdAt.toISOString(),
      createdBy: key.createdBy,
      expiresAt: key.expiresAt.toISOString(),
      usedAt: key.usedAt?.toISOString() ?? null,
    },
    command: installCommand(baseUrl, release),
    installer: program ? { file: program.name, bytes: program.bytes } : null,
    sources: sources.map((source) => toSource(source, collector, parts)),
    streams: (hello?.streams ?? []).map(({ stream, state, readAt, nextAt }) => ({
      ...{ stream, state, readAt, nextAt },
      title: agent?.streams[stream]?.title ?? stream,
      isWanted: wanted.has(stream),
    })),
    spool: hello && {
      batches: hello.spool.batches,
      bytes: hello.spool.bytes,
      mostBytes: hello.spool.mostBytes,
    },
  };
};

const toDevice = ({ host, version, platform, registeredAt, lastContactAt, skewMs }: StoredCollector) =>
  registeredAt && {
    ...{ host, version, platform },
    registeredAt: registeredAt.toISOString(),
    lastContactAt: (lastContactAt ?? registeredAt).toISOString(),
    clockAheadMs: skewMs,
  };

const toSource = (
  { source, kind, name, holder, holderName, heldUntil, home, homeName }: StoredSource,
  { connectionId }: StoredCollector,
  { connectors, now }: CollectorAnswerParts,
): z.input<typeof Collector>['sources'][number] => {
  const isHeld = holder !== null && heldUntil !== null && heldUntil > now;
  const elsewhere = home === connectionId ? 'elsewhere' : 'standing_by';
  return {
    ...{ kind, kindName: connectors.get(kind)?.name ?? kind, id: source, name },
    state: isHeld ? (holder === connectionId ? 'reading' : elsewhere) : 'idle',
    reader: isHeld ? holderName : null,
    readUntil: isHeld ? heldUntil.toISOString() : null,
    home: homeName,
  };
};
