import { expect, test } from 'vitest';
import { connectivityOf, type Signs, worstConnectivity } from './connectivity.ts';

const good: Signs = { enabled: true, awaitsAgent: false, check: 'connected', caveats: 0, streams: [] };
const fine = { health: 'connected', hasFault: false } as const;
const forbidden = { health: 'warning', hasFault: true } as const;

test.each([
  ['everything works', { ...good, streams: [fine, fine] }, 'connected'],
  ['it was never read', { ...good, check: null }, 'not_checked'],
  ['it is turned off, whatever else', { ...good, enabled: false, check: 'failed' }, 'off'],
  ['its agent has not registered', { ...good, awaitsAgent: true, check: null }, 'pending'],
  ['the check failed', { ...good, check: 'failed', streams: [fine] }, 'failed'],
  ['one stream cannot be read', { ...good, streams: [fine, forbidden] }, 'warning'],
  ['no stream can be read', { ...good, streams: [forbidden, forbidden] }, 'failed'],
  ['it has a known limit', { ...good, caveats: 1, streams: [fine] }, 'warning'],
  ['one stream failed for good', { ...good, streams: [fine, { health: 'failed', hasFault: true }] }, 'failed'],
] as const)('when %s the word is right', (_, signs: Signs, word) => {
  expect(connectivityOf(signs)).toBe(word);
});

test('a tenant is as good as its worst connection, and none says nothing', () => {
  expect(worstConnectivity(['connected', 'warning', 'off'])).toBe('warning');
  expect(worstConnectivity([])).toBeNull();
});
