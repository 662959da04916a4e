import { get } from '@gatehouse/ui';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { paths } from '../api/paths.ts';
import { type LineState, openLine, type SessionLine } from './session-line.ts';

/** The line to a session for as long as its page is there. */
export const useLine = (id: string): { readonly line: SessionLine | null; readonly state: LineState | null } => {
  const [line, setLine] = useState<SessionLine | null>(null);
  useEffect(() => {
    const own = openLine(id, (signal) => get(paths.ownSession(id), signal));
    setLine(own);
    return () => {
      own.close();
      setLine(null);
    };
  }, [id]);
  const state = useSyncExternalStore(
    (changed) => line?.subscribe(changed) ?? (() => undefined),
    () => line?.state() ?? null,
  );
  return { line, state };
};
