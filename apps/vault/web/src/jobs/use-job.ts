import { useRefresh } from '@gatehouse/ui';
import { useEffect, useState } from 'react';
import type { JobDetail } from '../api/types.ts';

const isOver = ({ state, nextRunAt }: JobDetail) => nextRunAt === null && state !== 'waiting' && state !== 'running';

/** A job as it goes, until it is over. The browser connects again by itself when the line breaks. */
export const useJob = (jobId: number, refresh: string | null = null): JobDetail | null => {
  const [job, setJob] = useState<JobDetail | null>(null);
  const again = useRefresh();
  useEffect(() => {
    const source = new EventSource(`/api/jobs/${jobId}/events`);
    source.onmessage = ({ data }) => {
      // The server sends what its own schema of a job allows.
      const next = JSON.parse(String(data)) as JobDetail;
      setJob(next);
      if (refresh !== null) void again(refresh);
      if (!isOver(next)) return;
      void again('/api/jobs');
      source.close();
    };
    return () => source.close();
  }, [jobId, refresh]);
  return job;
};
