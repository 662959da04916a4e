import { expect, test } from 'vitest';
import { emptyView, nextSort, parseView, viewQuery } from './column.ts';
import { filterWords, parseFilter, printFilter } from './filter.ts';

test('a filter survives being printed and parsed, with colons in its value', () => {
  const filter = { column: 'lastLoginAt', operator: 'lt', value: '2026-01-02T03:04:05.000Z' } as const;
  expect(parseFilter(printFilter(filter))).toEqual(filter);
});

test('what is no filter is refused rather than guessed', () => {
  expect(parseFilter('status')).toBeNull();
  expect(parseFilter('status:like:x')).toBeNull();
  expect(parseFilter(':eq:x')).toBeNull();
});

test('a chip says a filter in words', () => {
  const status = { title: 'Status', type: 'text', values: ['enabled', 'locked'] } as const;
  expect(filterWords({ column: 'status', operator: 'in', value: 'enabled|locked' }, status)).toBe(
    'Status: Enabled or Locked',
  );
  expect(filterWords({ column: 'ssoOnly', operator: 'eq', value: 'false' }, { title: 'SSO', type: 'flag' })).toBe(
    'SSO: no',
  );
});

test('a view survives the address bar', () => {
  const view = {
    ...emptyView,
    search: 'ada & co',
    filters: ['status:in:enabled|locked', 'login:contains:a'],
    sort: '-createdAt',
    columns: ['login', 'status'],
  };
  expect(parseView(new URLSearchParams(viewQuery(view).toString()))).toEqual(view);
});

test('a heading sorts up, then down, then not at all', () => {
  expect([nextSort(null, 'a'), nextSort('a', 'a'), nextSort('-a', 'a'), nextSort('b', 'a')]).toEqual([
    'a',
    '-a',
    null,
    'a',
  ]);
});

test('a time that moves with the clock is said as such', () => {
  const time = { title: 'Last active', type: 'time' } as const;
  expect(filterWords({ column: 'lastActiveAt', operator: 'lt', value: '-60d' }, time)).toBe(
    'Last active before 60 days ago',
  );
});
