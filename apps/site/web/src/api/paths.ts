import { at } from '@gatehouse/ui';
import type { z } from 'zod';
import type { Schedule } from '../../../src/api/jump-policies.ts';
import type { ReachOfUser } from '../../../src/api/reach.ts';
import type { AuditEntry, Options, Status } from '../../../src/api/site.ts';

/** An object as the API answers it. */
export type Item = Readonly<Record<string, unknown>>;
export interface List<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly total: { readonly value: number; readonly exact: boolean };
}
export type AuditRow = z.output<typeof AuditEntry>;

const asked = (query: Readonly<Record<string, string>>) => {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  return search.size === 0 ? '' : `?${search}`;
};

/** Every address the pages ask, with what it answers. */
export const paths = {
  status: at<z.output<typeof Status>>('/api/status'),
  options: at<Options>('/api/options'),
  audit: (query: Readonly<Record<string, string>>) => at<List<AuditRow>>(`/api/audit${asked(query)}`),
  /** Any list of objects. */
  list: (path: string, query: Readonly<Record<string, string>> = {}) => at<List<Item>>(`${path}${asked(query)}`),
  item: (path: string, id: string) => at<Item>(`${path}/${id}`),
  schedule: (id: string) => at<Schedule>(`/api/jump-policies/${id}/schedule`),
  reach: (id: string, query: Readonly<Record<string, string>> = {}) =>
    at<z.output<typeof ReachOfUser>>(`/api/users/${id}/reach${asked(query)}`),
} as const;
