import { LoadingState, Section } from '@gatehouse/ui';
import { Anchor } from '@mantine/core';
import { StateTag } from '../parts/tags.tsx';
import { jobTitles } from '../parts/words.ts';
import { JobMessages, JobTargets } from './JobParts.tsx';
import { useJob } from './use-job.ts';

/** A job that was just started, followed to its end on the page it was started from. */
export function JobProgress({ jobId, refresh }: { jobId: number; refresh: string }) {
  const job = useJob(jobId, refresh);
  return (
    <Section
      title={
        <>
          {job === null ? 'Job' : jobTitles[job.kind]} {job === null ? null : <StateTag state={job.state} />}
        </>
      }
      lead={<Anchor href={`/jobs/${jobId}`}>Job {jobId}</Anchor>}
    >
      <div role="status" aria-label="Progress of the job">
        {job === null ? (
          <LoadingState rows={2} />
        ) : (
          <>
            <JobTargets job={job} />
            <JobMessages job={job} most={8} />
          </>
        )}
      </div>
    </Section>
  );
}
