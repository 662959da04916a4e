import { useRefresh } from '@gatehouse/ui';
import { useEffect, useState } from 'react';
import { paths } from '../api/paths.ts';
import type { Run } from '../api/types.ts';

const isOver = ({ state }: Run) => state !== 'queued' && state !== 'running';

/** The newest run of a connection as it goes. The browser connects again by itself when the line breaks. */
export const useProgress = (tenantId: string, connectionId: string): Run | null => {
  const [run, setRun] = useState<Run | null>(null);
  const refresh = useRefresh();
  useEffect(() => {
    const path = paths.connection(tenantId, connectionId);
    const source = new EventSource(`${path}/progress`);
    let told: string | null = null;
    source.onmessage = ({ data }) => {
      // The server sends what its own schema of a run allows.
      const next = JSON.parse(String(data)) as Run;
      // The first that comes may be over already: a run that fails at once ends before this line is open.
      const state = `${next.runId} ${isOver(next)}`;
      if (state !== told) void refresh(path);
      told = state;
      setRun(next);
    };
    return () => source.close();
  }, [tenantId, connectionId]);
  return run;
};
