import { EmptyState, Facts, Loaded, Page, RelativeTime, Section, useApi, useCrumbs } from '@gatehouse/ui';
import { Button, Stack } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { JobDetail } from '../api/types.ts';
import { useParam } from '../parts/address.ts';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { StateTag } from '../parts/tags.tsx';
import { useSend } from '../parts/use-send.ts';
import { jobTitles, scheduleWords } from '../parts/words.ts';
import { JobMessages, JobTargets } from './JobParts.tsx';
import { useJob } from './use-job.ts';

/** A job as it goes: every system of it, and what was said. */
export function JobPage() {
  const id = useParam('id');
  const [run, setRun] = useState(0);
  const asked = useApi(paths.job(id));
  useCrumbs({ title: 'Jobs', href: '/jobs' }, { title: `Job ${id}` });
  return (
    <Loaded query={asked} rows={5} height={44}>
      {(found) => <Live key={`${id} ${run}`} found={found} onRun={() => setRun(run + 1)} />}
    </Loaded>
  );
}

function Live({ found, onRun }: { found: JobDetail; onRun(): void }) {
  const job = useJob(found.jobId) ?? found;
  const { jobId, kind, state, settings } = job;
  const { history } = useRouter();
  const cancel = useSend({ refresh: ['/api/jobs', '/api/overview'], done: 'Job cancelled.' });
  const again = useSend({ refresh: ['/api/jobs'], onDone: onRun });
  const isOpen = state === 'waiting' || state === 'running' || job.nextRunAt !== null;
  return (
    <Page
      title={`Job ${jobId}`}
      aside={<StateTag state={state} />}
      lead={jobTitles[kind]}
      actions={
        <>
          {isOpen ? (
            <Button
              variant="default"
              leftSection={<IconPlayerStop size={16} />}
              loading={cancel.isPending}
              onClick={() => cancel.mutate({ method: 'POST', path: `/api/jobs/${jobId}/cancel` })}
            >
              Cancel job
            </Button>
          ) : (
            <RemoveButton
              path={`/api/jobs/${jobId}`}
              title={`Delete job ${jobId}?`}
              action="Delete"
              done="Job deleted."
              refresh={['/api/jobs?']}
              onDone={() => history.push('/jobs')}
            >
              What it did stays in the audit.
            </RemoveButton>
          )}
          {state === 'running' || job.templateFor !== null ? null : (
            <Button
              leftSection={<IconPlayerPlay size={16} />}
              loading={again.isPending}
              onClick={() => again.mutate({ method: 'POST', path: `/api/jobs/${jobId}/run` })}
            >
              {state === 'waiting' ? 'Run now' : 'Run again'}
            </Button>
          )}
        </>
      }
    >
      <Stack gap="md">
        <Section title="Systems" lead="How each account of it stands, as it happens.">
          <JobTargets job={job} />
        </Section>
        <Section title="Messages">
          {job.messages.length === 0 ? <EmptyState title="Nothing was said yet" /> : <JobMessages job={job} />}
        </Section>
        <Section title="Settings">
          <Facts
            facts={[
              { title: 'When', value: scheduleWords(job.schedule) },
              { title: 'Next run', value: <RelativeTime at={job.nextRunAt} none="Nothing is due" /> },
              { title: 'If checked out', value: checkedOutWords[settings.ifCheckedOut] },
              { title: 'Attempts', value: String(settings.attempts) },
              { title: 'Made by', value: job.createdBy },
              { title: 'Made', value: <RelativeTime at={job.createdAt} /> },
              { title: 'Made from template', value: job.templateJobId === null ? '—' : String(job.templateJobId) },
              { title: 'Comment', value: job.comment || '—' },
            ]}
          />
        </Section>
      </Stack>
    </Page>
  );
}

const checkedOutWords = {
  ...{ wait: 'Waits for the check-in', cancel: 'Leaves it out', change: 'Changes it all the same' },
} as const;
