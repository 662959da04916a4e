import type { AnswerHead, LimitState } from './host.ts';

/**
 * What an answer says about its bucket, in the system's own time: Okta's `x-rate-limit-*`, GitHub's `x-ratelimit-*`,
 * the RFC drafts' `ratelimit-*` and `ratelimit`. `now` is the system's time, so a clock that is wrong here changes nothing.
 */
export const readLimits = ({ headers }: AnswerHead, now: Date): LimitState | null => {
  const told = (name: string) =>
    headers.get(`x-rate-limit-${name}`) ??
    headers.get(`x-ratelimit-${name}`) ??
    headers.get(`ratelimit-${name}`) ??
    structured(headers.get('ratelimit'), name);
  const limit = numberOf(told('limit'));
  const remaining = numberOf(told('remaining'));
  const resetAt = momentOf(told('reset'), now);
  return limit === null && remaining === null && resetAt === null ? null : { limit, remaining, resetAt };
};

/** Milliseconds that `Retry-After` asks for, as seconds or as a moment of the system's time; null when it does not ask. */
export const retryAfter = (headers: Headers, now: Date): number | null => {
  const at = momentOf(headers.get('retry-after'), now);
  return at === null ? null : Math.max(0, at.getTime() - now.getTime());
};

/** The system's own time as its answer tells it; ours when it does not. */
export const theirNow = (headers: Headers, ours: Date): Date => dateOf(headers.get('date')) ?? ours;

/** GitHub's secondary limit and its used-up primary limit are 403s; both say so in their headers. */
export const isThrottled = ({ status, headers }: AnswerHead, state: LimitState | null): boolean =>
  status === 429 || (status === 403 && (headers.has('retry-after') || state?.remaining === 0));

/** Several policies are sent as a list, the one in force first: `100, 100;w=60`. A date is no number. */
const numberOf = (value: string | null): number | null => {
  const found = /^\s*(\d+(?:\.\d+)?)\s*(?:[,;]|$)/.exec(value ?? '')?.[1];
  return found === undefined ? null : Number(found);
};

/** `"default";r=50;t=30` and `limit=100, remaining=50, reset=30`. */
const structured = (header: string | null, name: string): string | null => {
  if (header === null) return null;
  const short = { limit: 'q', remaining: 'r', reset: 't' }[name] ?? name;
  return new RegExp(`(?:^|[;,\\s])(?:${name}|${short})\\s*=\\s*(\\d+)`, 'i').exec(header)?.[1] ?? null;
};

/** An epoch in milliseconds or seconds, seconds from now, or a date; ten digits and more can only be an epoch. */
const momentOf = (value: string | null, now: Date): Date | null => {
  const number = numberOf(value);
  if (number === null) return dateOf(value);
  if (number >= 1e12) return new Date(number);
  return new Date(number >= 1e9 ? number * 1_000 : now.getTime() + number * 1_000);
};

const dateOf = (value: string | null): Date | null => {
  const at = Date.parse(value ?? '');
  return Number.isNaN(at) ? null : new Date(at);
};
