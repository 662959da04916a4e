import { asFault, type Http, type Refusal, statusOf } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { Octokit } from '@octokit/core';
import { paginateRest } from '@octokit/plugin-paginate-rest';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';

/**
 * Octokit over the host's `fetch`. Who waits for what is settled here, so that no two layers wait for the same thing:
 *
 * - The host waits: for every refusal that is a limit (see `limitIn`) and for a server in trouble. A run shows those
 *   waits. What stays so is a Fault and passes through octokit as it is.
 * - plugin-throttling repeats GraphQL's RATE_LIMITED, which is a 200, at once (`retryAfterBaseValue: 0`); the pause is the
 *   host's bucket.
 * - plugin-retry repeats GraphQL's "something went wrong", which is a 200 too.
 */
export const createOctokit = (apiUrl: string, http: Http) =>
  new Reader({
    baseUrl: apiUrl,
    userAgent: 'gatehouse',
    request: { fetch: http.fetch, parseSuccessResponseBody: false, log: silent },
    // Octokit's lines quote addresses and bodies; ours are written by the host, redacted.
    log: silent,
    retry: { doNotRetry: [400, 401, 403, 404, 408, 409, 410, 413, 422, 429, 451, 501, 502, 503, 504], retries: 2 },
    throttle: {
      id: `${apiUrl} ${++clients}`,
      retryAfterBaseValue: 0,
      // The host counts what is under way, and the pause of a second between POSTs is for writes, which we never send.
      ...{ global: unhurried, write: unhurried as never }, // only `key(id).schedule(options, job)` of them is called
      onRateLimit: (_seconds, _options, _octokit, retryCount) => retryCount < 2,
      onSecondaryRateLimit: () => false,
    },
  });

export const versionHeaders = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };

let clients = 0;

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

type Job = (...given: readonly unknown[]) => Promise<unknown>;

const unhurried = {
  key: () => ({ schedule: (_options: unknown, job: Job, ...given: readonly unknown[]) => job(...given) }),
};

/**
 * The edge to the host, innermost of all hooks. The body is parsed here once, by JSON.parse: octokit's own parser looks
 * for large numbers in every text and takes several times as long. A Fault comes out of octokit's wrapping, which would
 * make it look like a 500 worth repeating.
 */
const edge = (octokit: Octokit) => {
  octokit.hook.before('request', (options) => {
    Object.assign(options.headers, versionHeaders);
  });
  octokit.hook.wrap('request', async (request, options) => {
    try {
      const response = await request(options);
      response.data = await parsed(response.data, response.headers['content-type']);
      if (isUsedUp(response.data)) throw Object.assign(new Error(usedUp), { status: 429, request: options, response });
      return response;
    } catch (error) {
      if (error instanceof Error && error.cause instanceof Fault) throw error.cause;
      // The host has asked often enough.
      if ((statusOf(error) ?? 0) >= 500) throw asFault(error, 'GitHub') ?? error;
      throw error;
    }
  });
};

/**
 * Milliseconds to wait for a limit of which GitHub tells in words only; null for another refusal. A secondary limit has
 * no header but sometimes Retry-After, and asks for a minute at least; "abuse detection" is its name on older servers.
 */
export const limitIn = ({ status, body }: Pick<Refusal, 'status' | 'body'>): number | null =>
  (status === 403 || status === 429) && /secondary rate limit|abuse detection|rate limit exceeded/i.test(said(body))
    ? 60_000
    : null;

const said = (body: unknown): string =>
  typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : String(body);

const usedUp = 'GraphQL has no requests left';

/** A 200 that plugin-throttling would know at api.github.com only, by its path. As a 429 it is one everywhere. */
const isUsedUp = (data: unknown): boolean =>
  typeof data === 'object' &&
  data !== null &&
  'errors' in data &&
  Array.isArray(data.errors) &&
  data.errors.some((error: { type?: unknown } | null) => error?.type === 'RATE_LIMITED');

const parsed = async (body: unknown, type: string | number | undefined): Promise<unknown> => {
  if (!(body instanceof ReadableStream)) return body;
  const text = await new Response(body).text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault(
      'unexpected',
      'GitHub answered with something that is not JSON. If a proxy stands between, it may have answered instead.',
      // Not how it begins: what GitHub answers may hold a token or the address of a webhook.
      `content-type ${String(type ?? 'none')}, ${text.length} characters${/^\s*[[{]/.test(text) ? ' that begin like JSON: broken off or damaged' : ''}`,
    );
  }
};

const Reader = Octokit.plugin(edge, throttling, retry, paginateRest);
