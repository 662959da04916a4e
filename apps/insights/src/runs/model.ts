import type { AnyConnector } from '@gatehouse/connector-kit';
import { z } from 'zod';
import { type Run as Answer, RunStream, runStates } from '../api/connections.ts';
import { KeptFault, toFaultWords } from '../connections/index.ts';

/** What a run did in one stream so far. */
export const StreamProgress = RunStream.omit({ title: true, fault: true }).extend({ fault: KeptFault.nullable() });
export type StreamProgress = z.output<typeof StreamProgress>;

export const reasons = ['schedule', 'manual', 'created', 'settings', 'resume'] as const;
export type Reason = (typeof reasons)[number];

/** One attempt to read a connection's streams, as the table has it. */
export const StoredRun = z.object({
  runId: z.string(),
  connectionId: z.string(),
  reason: z.enum(reasons),
  state: z.enum(runStates),
  stage: z.enum(['reading', 'correlating', 'evaluating', 'done']),
  streams: z.array(StreamProgress),
  rate: z.number(),
  secondsLeft: z.number().nullable(),
  waiting: z.object({ text: z.string(), until: z.string() }).nullable(),
  fault: KeptFault.nullable(),
  queuedAt: z.date(),
  startedAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  version: z.number(),
});
export type StoredRun = z.output<typeof StoredRun>;

export const waitingStream = (stream: string): StreamProgress => ({
  stream,
  state: 'waiting',
  pages: 0,
  records: 0,
  inserted: 0,
  changed: 0,
  unchanged: 0,
  gone: 0,
  total: null,
  fault: null,
});

export const isOver = (run: Pick<StoredRun, 'state'>) => run.state !== 'queued' && run.state !== 'running';

/** A run for people: streams by their titles, faults in words. A connector that is no longer there leaves ids. */
export const toRun = (run: StoredRun, connector: AnyConnector | undefined): z.input<typeof Answer> => {
  const systemOf = (stream: string) => connector?.streams[stream]?.system ?? connector?.name ?? 'The system';
  const titleOf = (stream: string) => connector?.streams[stream]?.title ?? stream;
  return {
    runId: run.runId,
    connectionId: run.connectionId,
    reason: run.reason,
    state: run.state,
    queuedAt: run.queuedAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    endedAt: run.endedAt?.toISOString() ?? null,
    streams: run.streams.map(({ fault, ...stream }) => ({
      ...stream,
      title: titleOf(stream.stream),
      fault: fault && toFaultWords(fault, { system: systemOf(stream.stream), stream: titleOf(stream.stream) }),
    })),
    rate: run.rate,
    secondsLeft: run.secondsLeft,
    waiting: run.waiting,
    stage: run.stage,
  };
};
