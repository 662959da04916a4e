import { expect, test } from 'vitest';
import { rules } from './index.ts';
import { accountWords } from './tables.ts';

test('rules read no word of a vendor about an account that is not copied for them', () => {
  const read = rules.flatMap((rule) => [...`${rule.sql} ${rule.unseen ?? ''}`.matchAll(/\braw\s*->>?\s*'([^']+)'/g)]);
  expect([...new Set(read.map(([, word]) => word))].toSorted()).toEqual([...accountWords].toSorted());
});
