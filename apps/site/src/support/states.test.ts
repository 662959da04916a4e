import { expect, test } from 'vitest';
import { type SessionAct, type State, stateAfter } from './states.ts';

/** State, act, representatives and customers that are left, and the state afterwards. */
const cases: readonly (readonly [State, SessionAct, number, number, State | null])[] = [
  ['waiting', 'join', 1, 1, 'active'],
  ['waiting', 'representative-leaves', 0, 1, 'waiting'],
  ['waiting', 'representative-leaves', 1, 1, 'waiting'],
  ['waiting', 'customer-leaves', 0, 0, 'ended'],
  ['waiting', 'customer-leaves', 0, 1, 'waiting'],
  ['waiting', 'transfer', 0, 1, 'waiting'],
  ['waiting', 'change', 0, 1, 'waiting'],
  ['waiting', 'end', 0, 0, 'ended'],
  ['active', 'join', 2, 1, 'active'],
  ['active', 'representative-leaves', 1, 1, 'active'],
  ['active', 'representative-leaves', 0, 1, 'waiting'],
  ['active', 'customer-leaves', 1, 1, 'active'],
  ['active', 'customer-leaves', 1, 0, 'ended'],
  ['active', 'transfer', 0, 1, 'waiting'],
  ['active', 'transfer', 1, 1, 'waiting'],
  ['active', 'change', 1, 1, 'active'],
  ['active', 'end', 0, 0, 'ended'],
  ['ended', 'join', 1, 1, null],
  ['ended', 'representative-leaves', 1, 1, null],
  ['ended', 'customer-leaves', 1, 1, null],
  ['ended', 'transfer', 1, 1, null],
  ['ended', 'change', 1, 1, null],
  ['ended', 'end', 0, 0, null],
];

test.each(cases)(
  'a session that is %s, after %s with %d representatives and %d customers left, is %s',
  (state, act, representatives, customers, after) => {
    expect(stateAfter(state, act, { representatives, customers })).toBe(after);
  },
);

test('every act is tried in every state', () => {
  const acts = new Set(cases.map(([, act]) => act));
  for (const state of ['waiting', 'active', 'ended'])
    for (const act of acts) expect(cases.filter(([one, other]) => one === state && other === act)).not.toEqual([]);
});
