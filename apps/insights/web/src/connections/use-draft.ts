import type { FieldSchema, FormValues } from '@gatehouse/ui';
import { useEffect, useRef } from 'react';

/** What a person has entered into a wizard so far; never a secret. */
export interface Draft {
  readonly name: string;
  readonly settings: FormValues;
}

/**
 * Keeps what was entered over a reload and over a look at another page: half of a wizard is done in another tab. It is kept for
 * this tab only, until the connector is created or the wizard is discarded.
 */
export const useDraft = (key: string) => {
  const kept = useRef<Draft | null>(null);
  kept.current ??= readDraft(key);
  const newest = useRef<Draft | null>(kept.current);
  useEffect(() => {
    if (newest.current !== null) sessionStorage.setItem(key, JSON.stringify(newest.current));
  });
  return {
    kept: kept.current,
    keep: (draft: Draft) => {
      if (newest.current !== null) newest.current = draft;
    },
    forget: () => {
      newest.current = null;
      sessionStorage.removeItem(key);
    },
  };
};

/** Only the top level: a choice may hold secrets of its own, so it is left out as a whole. */
export const withoutSecrets = ({ properties = {} }: FieldSchema, values: FormValues): FormValues =>
  Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) => properties[name]?.writeOnly !== true && (typeof value !== 'object' || value === null),
    ),
  );

const readDraft = (key: string): Draft => {
  const empty: Draft = { name: '', settings: {} };
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null');
    if (typeof kept !== 'object' || kept === null || !('name' in kept) || !('settings' in kept)) return empty;
    const { name, settings } = kept;
    return typeof name === 'string' && typeof settings === 'object' && settings !== null
      ? { name, settings: { ...settings } }
      : empty;
  } catch {
    return empty;
  }
};
