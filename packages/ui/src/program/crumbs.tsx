import { createContext, useContext, useEffect } from 'react';
import type { Crumb } from '../shell/Crumbs.tsx';
import { useProgram } from './program.ts';

/** Set by the frame, used by pages: what stands above the title and in the title of the window. */
export const CrumbsContext = createContext<(crumbs: readonly Crumb[]) => void>(() => {});

/** The way to this page, ending with its own name. */
export const useCrumbs = (...crumbs: readonly Crumb[]) => {
  const set = useContext(CrumbsContext);
  const { name } = useProgram();
  const key = JSON.stringify(crumbs);
  useEffect(() => {
    const way: readonly Crumb[] = JSON.parse(key);
    set(way);
    document.title = [...way.map(({ title }) => title).toReversed(), `Gatehouse ${name}`].join(' · ');
  }, [key, set, name]);
};
