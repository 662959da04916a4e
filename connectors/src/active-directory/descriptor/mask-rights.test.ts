import { expect, test } from 'vitest';
import { withoutGeneric } from './access-mask.ts';
import { rightsOfMask, toMaskRights } from './mask-rights.ts';

const rights = [
  { given: 0x20, taken: 0x20 },
  { given: 0x2_0094, taken: 0x2_0094 },
  { given: 0x100, taken: 0x110 },
  { given: 0x8_0000, taken: 0x8_0000 },
];

test('an allow gives what all bits are there for, and a deny takes what any is there for, for every mask that matters', () => {
  const table = toMaskRights(rights);
  for (let index = 0; index < 0x4_0000; index++) {
    const mask = ((index & 0x3c000) << 14) | ((index & 0x3c00) << 6) | (index & 0x3ff);
    const plain = withoutGeneric(mask);
    const allowed = rights.reduce((set, { given }, bit) => ((plain & given) === given ? set | (1 << bit) : set), 0);
    const denied = rights.reduce((set, { taken }, bit) => ((plain & taken) !== 0 ? set | (1 << bit) : set), 0);
    if (rightsOfMask(table, mask, 0) !== allowed) expect(rightsOfMask(table, mask, 0), `${mask}`).toBe(allowed);
    if (rightsOfMask(table, mask, 1) !== denied) expect(rightsOfMask(table, mask, 1), `${mask}`).toBe(denied);
  }
});
