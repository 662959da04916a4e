import { useState } from 'react';

/** A value kept in this browser. A browser that forbids storage forgets it with the page, and nothing breaks. */
export const useRemembered = <T>(key: string, parse: (stored: unknown) => T): readonly [T, (value: T) => void] => {
  const [state, setState] = useState<{ key: string; value: T }>(() => ({ key, value: read(key, parse) }));
  const value = state.key === key ? state.value : read(key, parse);
  const set = (next: T) => {
    setState({ key, value: next });
    try {
      localStorage.setItem(`gatehouse.${key}`, JSON.stringify(next));
    } catch {
      // Storage is full or forbidden: the choice holds until the page is left.
    }
  };
  return [value, set];
};

const read = <T>(key: string, parse: (stored: unknown) => T): T => {
  try {
    return parse(JSON.parse(localStorage.getItem(`gatehouse.${key}`) ?? 'null'));
  } catch {
    return parse(null);
  }
};

export const parseNames = (stored: unknown): readonly string[] | null =>
  Array.isArray(stored) && stored.every((one) => typeof one === 'string') ? stored : null;
