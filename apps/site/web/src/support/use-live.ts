import { useEffect, useState, useSyncExternalStore } from 'react';
import { type LineOptions, type LiveLine, type LiveState, openLiveLine } from './live-line.ts';

/** The line to a support session for as long as its page is there. */
export const useLive = (
  path: string,
  find: LineOptions['find'],
): { readonly line: LiveLine | null; readonly state: LiveState | null } => {
  const [line, setLine] = useState<LiveLine | null>(null);
  useEffect(() => {
    const own = openLiveLine({ path, find });
    setLine(own);
    return () => {
      own.close();
      setLine(null);
    };
  }, [path]);
  const state = useSyncExternalStore(
    (changed) => line?.subscribe(changed) ?? (() => undefined),
    () => line?.state() ?? null,
  );
  return { line, state };
};
