import { describe, expect, test } from 'vitest';
import { checks } from '../src/testing/index.ts';
import { type Mistake, subjectOf } from './acme.ts';

describe('a sound plugin passes', () => {
  test.each(checks)('$name', ({ prove }) => prove(subjectOf()));
});

/** What is wrong with a plugin, a promise that it breaks, and how that is told. */
const broken: readonly (readonly [mistake: Mistake, check: RegExp, said: RegExp])[] = [
  ['no sentence', /every setting/, /url has no sentence/],
  ['other names each time', /a listing names/, /other words for the same/],
  ['token in a trace', /no secret/, /beginning with "acme" is in: traces/],
  ['tidies names up', /a name with quotes/, /finds \d instead of 1/],
  ['another lease each time', /retrieving twice/, /asking again for root holds root, root/],
  ['another lease each time', /after a crash at any step/, /yet somebody holds root/],
  ['unknown leases are errors', /releasing once/, /never heard of it/],
  ['gives back by name', /releasing one lease/, /took root from another/],
  ['keeps too late', /a crash at any step of retrieving/, /yet somebody holds root/],
  ['ended leases are errors', /a crash at any step of releasing/, /Acme/],
  ['has no word for a broken connection', /a connection that breaks/, /request \d \(lost\) for root gave/],
  ['swallows what a release meets', /a dead host/, /handed out gave no fault/],
  ['logs in again when refused', /a wrong credential/, /tried to log in 2 times/],
  ['logs in for every call', /an expired token/, /logged in 8 times/],
  ['never logs in again', /a token that expires/, /refused the credentials/],
  ['takes anything for an answer', /a strange body/, /list gave no fault/],
  ['goes on when aborted', /abort stops/, /more were sent/],
];

describe('the suite finds a plugin that', () => {
  test.each(broken)('%s: %s', async (mistake, check, said) => {
    const found = checks.find(({ name }) => check.test(name));
    await expect(found?.prove(subjectOf(mistake))).rejects.toThrow(said);
  });

  test('is broken in any way, each by one promise at least', () => {
    const unproved = checks.filter(({ name }) => !broken.some(([, check]) => check.test(name)));
    expect(unproved.map(({ name }) => name)).toEqual([]);
  });
});
