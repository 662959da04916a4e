import { EmptyState, type TableColumn } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { paths, type Query } from '../api/paths.ts';
import type { Job } from '../api/types.ts';
import { type Choice, ServerList } from '../parts/ServerList.tsx';
import { StateTag } from '../parts/tags.tsx';
import { jobTitles, scheduleWords } from '../parts/words.ts';

const plain = { type: 'text', sort: false, filter: false } as const;
const columns: readonly TableColumn<Job>[] = [
  { ...plain, name: 'jobId', title: 'Job', width: 190, cell: ({ jobId, kind }) => `${jobId} · ${jobTitles[kind]}` },
  { ...plain, name: 'state', title: 'State', width: 150, cell: ({ state }) => <StateTag state={state} /> },
  { ...plain, name: 'schedule', title: 'When', width: 200, cell: ({ schedule }) => scheduleWords(schedule) },
  { name: 'nextRunAt', title: 'Next run', type: 'time', sort: false, filter: false },
  { ...plain, name: 'createdBy', title: 'Made by', width: 160 },
  { name: 'createdAt', title: 'Made', type: 'time', sort: false, filter: false },
  { ...plain, name: 'comment', title: 'Comment', width: 240 },
];
const states: readonly Choice[] = [
  {
    ...{ name: 'state', title: 'State' },
    values: [
      { value: 'waiting', label: 'Waiting' },
      { value: 'running', label: 'Running' },
      { value: 'succeeded', label: 'Succeeded' },
      { value: 'partial', label: 'Partly done' },
      { value: 'failed', label: 'Failed' },
      { value: 'cancelled', label: 'Cancelled' },
    ],
  },
];

/** Jobs, newest first; all of them, or those of one credential. */
export function JobTable({ credentialId }: { credentialId?: string }) {
  const fixed: Query = credentialId === undefined ? {} : { credentialId };
  const isPart = credentialId !== undefined;
  return (
    <ServerList<Job>
      id={isPart ? 'jobs-of-credential' : 'jobs'}
      label="Jobs"
      columns={columns}
      path={paths.jobs}
      fixed={fixed}
      isPart={isPart}
      every={15_000}
      {...(isPart ? {} : { choices: states })}
      rowId={({ jobId }) => String(jobId)}
      rowHref={({ jobId }) => `/jobs/${jobId}`}
      empty={
        isPart ? (
          <EmptyState title="No job yet">Change now or Verify now makes the first.</EmptyState>
        ) : (
          <EmptyState
            title="No job yet"
            actions={
              <Button component="a" href="/jobs/new">
                New job
              </Button>
            }
          >
            A job changes or verifies passwords on their systems: at once, at a time, or again and again.
          </EmptyState>
        )
      }
    />
  );
}
