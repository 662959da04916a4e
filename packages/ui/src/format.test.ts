import { describe, expect, test } from 'vitest';
import { amountWords, formatAgo, formatDuration, wordsOf } from './format.ts';

describe('durations', () => {
  test.each([
    [0.4, '0 s'],
    [45, '45 s'],
    [59.7, '1 min 0 s'],
    [119.7, '2 min 0 s'],
    [3_599.9, '1 h 0 min'],
    [3_600, '1 h 0 min'],
    [86_400, '1 day'],
  ])('%d seconds read %s', (seconds, words) => expect(formatDuration(seconds)).toBe(words));
});

describe('amounts of a form', () => {
  test.each([
    [60, 'seconds', '1 minute'],
    [7_200, 'seconds', '2 hours'],
    [86_400, 'seconds', '1 day'],
    [90, 'seconds', '1 min 30 s'],
    [2_147_483_648, 'bytes', '2 GiB'],
    [1_500, 'bytes', '1.5 KiB'],
    [0, 'bytes', null],
    [5, undefined, null],
    ['5', 'seconds', null],
  ])('%s %s read %s', (value, format, words) => expect(amountWords(value, format)).toBe(words));
});

describe('times', () => {
  const now = new Date('2026-03-04T12:00:00Z');
  const from = (seconds: number) => formatAgo(new Date(now.getTime() + seconds * 1000), now);
  test.each([
    [-2, 'just now'],
    [-59, 'just now'],
    [5, 'just now'],
    [30, 'in less than a minute'],
    [-59.8 * 60, '1 hour ago'],
    [-23.8 * 3600, 'yesterday'],
    [90, 'in 2 minutes'],
  ])('%d seconds from now read %s', (seconds, words) => expect(from(seconds)).toBe(words));
});

test('names of standards are written as their standards write them', () => {
  expect(['starttls', 'ssh', 'phishing_resistant', 'none'].map(wordsOf)).toEqual([
    ...['STARTTLS', 'SSH', 'Phishing resistant', 'None'],
  ]);
});
