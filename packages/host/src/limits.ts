import type { AnswerHead, LimitState } from './host.ts';

/**
 * What an answer says about its bucket, in the system's own time: Okta's `x-rate-limit-*`, GitHub's `x-ratelimit-*`,
 * the RFC drafts' `ratelimit-*` and `ratelimit`. `now` is the system's time, so a clock that is wrong here changes nothing.
 */
export const readLimits = ({ headers }: AnswerHead, now: Date): LimitState | null => {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) => {
    const value =
      headers.get(`x-rate-limit-${name}`) ?? headers.get(`x-ratelimit-${name}`) ?? headers.get(`ratelimit-${name}`);
    return value === null ? structured(headers.get('ratelimit'), name) : numberOf(value);
  });
  if (limit == null && remaining == null && reset == null) return null;
  return { limit: limit ?? null, remaining: remaining ?? null, resetAt: reset == null ? null : moment(reset, now) };
};

/** Milliseconds that `Retry-After` asks for, as seconds or as a date of the system's time; null when it does not ask. */
export const retryAfter = (headers: Headers, now: Date): number | null => {
  const value = headers.get('retry-after')?.trim();
  if (value === undefined || value === '') return null;
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
};

/** The system's own time as its answer tells it; ours when it does not. */
export const theirNow = (headers: Headers, ours: Date): Date => {
  const at = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(at) ? ours : new Date(at);
};

/** GitHub's secondary limit and its used-up primary limit are 403s; both say so in their headers. */
export const isThrottled = ({ status, headers }: AnswerHead, state: LimitState | null): boolean =>
  status === 429 || (status === 403 && (headers.has('retry-after') || state?.remaining === 0));

const numberOf = (value: string): number | null => {
  // Several policies are sent as a list, the one in force first: `100, 100;w=60`.
  const found = /^\s*(\d+(?:\.\d+)?)/.exec(value)?.[1];
  return found === undefined ? null : Number(found);
};

/** `"default";r=50;t=30` and `limit=100, remaining=50, reset=30`. */
const structured = (header: string | null, name: string): number | null => {
  if (header === null) return null;
  const short = { limit: 'q', remaining: 'r', reset: 't' }[name] ?? name;
  const found = new RegExp(`(?:^|[;,\\s])(?:${name}|${short})\\s*=\\s*(\\d+)`, 'i').exec(header)?.[1];
  return found === undefined ? null : Number(found);
};

/** A reset is an epoch in milliseconds or seconds, or seconds from now; ten digits and more can only be an epoch. */
const moment = (reset: number, now: Date): Date => {
  if (reset >= 1e12) return new Date(reset);
  if (reset >= 1e9) return new Date(reset * 1_000);
  return new Date(now.getTime() + reset * 1_000);
};
