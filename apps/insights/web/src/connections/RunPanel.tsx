import { formatDuration, formatNumber, ProgressPanel, RelativeTime, RunStateBadge, wordsOf } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Run } from '../api/types.ts';

const stages = {
  reading: 'Reading',
  correlating: 'Joining accounts to identities',
  evaluating: 'Evaluating rules',
  done: 'Done',
} as const;

/** One run: what it read of each stream, how fast, and why it waits. */
export function RunPanel({ run, onCancel, isCancelling }: { run: Run; onCancel?: () => void; isCancelling: boolean }) {
  const isActive = run.state === 'queued' || run.state === 'running';
  const total = (part: 'pages' | 'records' | 'inserted' | 'changed' | 'gone') =>
    run.streams.reduce((sum, stream) => sum + stream[part], 0);
  const waited = useSecondsUntil(isActive ? (run.waiting?.until ?? null) : null);
  return (
    <ProgressPanel
      title={
        <>
          <RunStateBadge state={run.state} />
          {isActive ? stages[run.stage] : null}
          <span style={{ fontWeight: 400, color: 'var(--mantine-color-dimmed)' }}>
            {isActive ? 'started' : 'ended'}{' '}
            <RelativeTime at={isActive ? (run.startedAt ?? run.queuedAt) : run.endedAt} /> · {reasons[run.reason]}
          </span>
        </>
      }
      figures={[
        { title: 'Pages', value: formatNumber(total('pages')) },
        { title: 'Records', value: formatNumber(total('records')) },
        { title: 'New', value: formatNumber(total('inserted')) },
        { title: 'Changed', value: formatNumber(total('changed')) },
        { title: 'Gone', value: formatNumber(total('gone')) },
        ...(isActive
          ? [
              { title: 'Records a second', value: formatNumber(Math.round(run.rate)) },
              { title: 'Time left', value: run.secondsLeft === null ? 'Not known' : formatDuration(run.secondsLeft) },
            ]
          : [{ title: 'Took', value: took(run) }]),
      ]}
      waiting={
        isActive && run.waiting !== null
          ? `${run.waiting.text}${waited > 0 ? `, ${formatDuration(waited)}` : ''}`
          : null
      }
      rows={(isUntouched(run) ? [] : run.streams).map((stream) => ({
        id: stream.stream,
        title: stream.title,
        badge: <RunStateBadge state={stream.fault?.kind === 'unsupported' ? 'unsupported' : stream.state} />,
        done: stream.records,
        total: stream.total,
        isActive: stream.state === 'running' && isActive,
        isDone: stream.state === 'done',
        note: stream.fault?.happened ?? changesWords(stream),
      }))}
      actions={
        isActive && onCancel !== undefined ? (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={16} />}
            onClick={onCancel}
            loading={isCancelling}
          >
            Cancel run
          </Button>
        ) : undefined
      }
    />
  );
}

/** Over before anything was asked for: a list of streams that were all skipped would say nothing. */
const isUntouched = ({ state, streams }: Run) =>
  state === 'failed' && streams.every((stream) => stream.state === 'skipped' && stream.fault === null);

const changesWords = ({ inserted, changed, gone, state }: Run['streams'][number]): string => {
  const parts = [
    [inserted, 'new'],
    [changed, 'changed'],
    [gone, 'gone'],
  ] as const;
  const words = parts.flatMap(([many, word]) => (many > 0 ? [`${formatNumber(many)} ${word}`] : []));
  return words.length > 0 ? words.join(', ') : state === 'done' ? 'Nothing changed' : '';
};

const reasons: Readonly<Record<Run['reason'], string>> = {
  schedule: 'on schedule',
  manual: 'asked for by a person',
  created: 'first read',
  settings: 'after a change of settings',
  resume: 'continued where the last one stopped',
};

const took = ({ startedAt, endedAt }: Run) =>
  startedAt === null || endedAt === null
    ? wordsOf('—')
    : formatDuration((Date.parse(endedAt) - Date.parse(startedAt)) / 1000);

/** Counts down while something waits. */
const useSecondsUntil = (until: string | null): number => {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (until === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return until === null ? 0 : Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));
};
