import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Asked, Refusing, VendorFake } from './vendor-fake.ts';

export interface SeenRequest extends Asked {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Text as it was sent; at most 1 MiB. */
  readonly body: string;
  /** Origin the client used; for links in answers. */
  readonly origin: string;
  /** What `:name` in the route's pattern matched, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

export interface FakeAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON; left out: no body. */
  readonly body?: unknown;
}

/** What is particular to one vendor. Everything else of a `VendorFake` is made by `fakeVendor`. */
export interface Dialect {
  /** `GET /api/v1/users/:id/factors` → answer. The first that matches wins; none: the vendor's 404. */
  readonly routes: Readonly<Record<string, (request: SeenRequest) => FakeAnswer | Promise<FakeAnswer>>>;
  /**
   * Which requests belong to a stream, as a pattern over path and query (`/api/v1/users?limit=200`) or a predicate.
   * The knobs act on these.
   */
  readonly streams: Readonly<Record<string, RegExp | ((request: SeenRequest) => boolean)>>;
  /** Whether the request carries a good credential. True for requests that ask for a token: their route decides. */
  authorized(request: SeenRequest): boolean;
  /** The vendor's own words when it refuses; a bare status (401, 403, 429, 410, 404) where left out. */
  refuse?(why: Refusing, request: SeenRequest): FakeAnswer | undefined;
  /** Headers of every answer, such as the state of the rate limit. */
  headers?(request: SeenRequest): Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly grow: Readonly<Record<string, (count: number) => void>>;
}

/** A `VendorFake` that speaks HTTP. */
export interface FakeVendor extends VendorFake<SeenRequest> {
  /** Cuts a list as the vendor pages it, with a Link header, with respect for `capPages`. */
  page(request: SeenRequest, items: readonly unknown[], paging?: Paging): FakeAnswer;
}

export interface Paging {
  /** Name of the query parameter for the page's size, and its default. Default: `limit`, 200. */
  readonly size?: { readonly name: string; readonly default: number };
  /** `after`: an opaque position in the parameter of that name. `number`: pages counted from 1. Default: `after`. */
  readonly cursor?: { readonly name: string; readonly kind: 'after' | 'number' };
  /** Puts the items into the body. Default: the bare list. */
  body?(items: readonly unknown[], total: number): unknown;
  /** A next link also after the last page, as Okta's System Log has while it is polled. */
  readonly endless?: boolean;
}

/**
 * A `VendorFake` over node:http. `dialect` receives the fake, so that its routes can call `fake.page(…)`:
 *
 *     export const fakeOkta = () =>
 *       fakeVendor((fake) => ({
 *         routes: { 'GET /api/v1/users': (request) => fake.page(request, users) },
 *         streams: { accounts: /^\/api\/v1\/users\?/ },
 *         authorized: (request) => request.headers.authorization === 'SSWS good',
 *         grow: { accounts: (count) => { … } },
 *       }));
 */
export const fakeVendor = (speak: (fake: FakeVendor) => Dialect): FakeVendor => {
  const requests: Logged[] = [];
  const listeners: ((request: SeenRequest) => void)[] = [];
  const forbidden = new Set<string>();
  const strange = new Map<string, string>();
  const foreign = new Map<string, string>();
  const handedOut = new Set<string>();
  const expired = new Set<string>();
  let refusing = false;
  let throttle: number | null = null;
  let cap = Number.POSITIVE_INFINITY;

  const answer = async (request: Logged): Promise<FakeAnswer> => {
    const streams = streamsOf(dialect, request);
    if (refusing || !dialect.authorized(request)) return refuse('unauthorized', request);
    if (throttle !== null && streams.length > 0) {
      const said = refuse('throttled', request);
      const seconds = String(throttle);
      throttle = null;
      return { ...said, headers: { ...said.headers, 'retry-after': seconds } };
    }
    if (streams.some((name) => forbidden.has(name))) return refuse('forbidden', request);
    if (expired.has(keyOf(request.path, request.query))) return refuse('expired', request);
    const how = streams.map((name) => strange.get(name)).find((found) => found !== undefined);
    if (how === 'html') return { headers: { 'content-type': 'text/html' }, body: '<!doctype html><p>Sign in</p>' };
    if (how === 'shape') return { body: { strange: [1, 'two', { three: null }] } };
    const found = await route(dialect, request);
    if (found === null) return refuse('missing', request);
    const elsewhere = streams.map((name) => foreign.get(name)).find((origin) => origin !== undefined);
    return elsewhere === undefined
      ? remember(found)
      : withNext(found, `http://${elsewhere}${request.path}?after=elsewhere`);
  };

  const refuse = (why: Refusing, request: Logged): FakeAnswer => {
    request.refused = why;
    return { status: bare[why], ...dialect.refuse?.(why, request) };
  };

  /** Notes the next link, so that it can expire. One that is handed out again lives again. */
  const remember = (found: FakeAnswer): FakeAnswer => {
    const link = /<([^>]+)>;\s*rel="next"/.exec(found.headers?.link ?? '')?.[1];
    if (link !== undefined) {
      const { pathname, searchParams } = new URL(link);
      const key = keyOf(pathname, searchParams);
      handedOut.add(key);
      expired.delete(key);
    }
    return found;
  };

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const request = await seen(incoming);
    requests.push(request);
    // A fake that is served for weeks must not remember everything; a test never sends as many.
    if (requests.length > 200_000) requests.splice(0, 100_000);
    for (const listener of listeners) listener(request);
    const { status = 200, headers = {}, body } = await answer(request);
    const isText = typeof body === 'string';
    outgoing.writeHead(status, {
      ...(body === undefined || isText ? {} : { 'content-type': 'application/json' }),
      ...dialect.headers?.(request),
      ...headers,
    });
    outgoing.end(isText ? body : JSON.stringify(body));
  };

  const fake: FakeVendor = {
    requests,
    get secrets() {
      return dialect.secrets ?? [];
    },
    get growable() {
      return Object.keys(dialect.grow);
    },
    async start({ port = 0 } = {}) {
      const server = createServer((incoming, outgoing) => {
        serve(incoming, outgoing).catch((error: unknown) => {
          outgoing.statusCode = 599;
          outgoing.end(`the fake failed: ${String(error)}`);
        });
      });
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', resolve);
      });
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('the fake has no port');
      return {
        origin: `http://127.0.0.1:${address.port}`,
        close: () =>
          new Promise((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      };
    },
    onRequest: (listener) => void listeners.push(listener),
    refuseCredentials: () => {
      refusing = true;
    },
    forbid: (stream) => void forbidden.add(known(dialect, stream)),
    throttleOnce: (seconds) => {
      throttle = seconds;
      return seconds;
    },
    strangeness: ['shape', 'html'],
    answerStrange: (stream, how) => void strange.set(known(dialect, stream), how),
    pointElsewhere: (stream, address) => void foreign.set(known(dialect, stream), address),
    expireCursors: () => {
      for (const key of handedOut) expired.add(key);
      handedOut.clear();
    },
    capPages: (size) => {
      cap = size;
    },
    grow(stream, count) {
      const more = dialect.grow[stream];
      if (more === undefined) throw new Error(`the fake cannot grow ${stream}`);
      more(count);
    },
    page: (request, items, paging = {}) => cut(request, items, paging, cap),
  };
  const dialect = speak(fake);
  return fake;
};

type Logged = { -readonly [K in keyof SeenRequest]: SeenRequest[K] };

const streamsOf = (dialect: Dialect, request: SeenRequest): readonly string[] => {
  const address = `${request.path}${request.query.size > 0 ? `?${request.query}` : ''}`;
  return Object.entries(dialect.streams)
    .filter(([, match]) => (match instanceof RegExp ? match.test(address) : match(request)))
    .map(([name]) => name);
};

const known = (dialect: Dialect, stream: string): string => {
  if (stream in dialect.streams) return stream;
  throw new Error(`the fake knows no stream ${stream}`);
};

const bare = { unauthorized: 401, forbidden: 403, throttled: 429, expired: 410, missing: 404 } as const;

const route = async (dialect: Dialect, request: SeenRequest): Promise<FakeAnswer | null> => {
  for (const [pattern, answer] of Object.entries(dialect.routes)) {
    const params = match(pattern, request);
    if (params !== null) return answer({ ...request, params });
  }
  return null;
};

const match = (pattern: string, request: SeenRequest): Record<string, string> | null => {
  const [method, path = ''] = pattern.split(' ');
  const wanted = path.split('/');
  const given = request.path.split('/');
  if (method !== request.method || wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const value = given[i] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return null;
  }
  return params;
};

const cut = (request: SeenRequest, items: readonly unknown[], paging: Paging, cap: number): FakeAnswer => {
  const { size = { name: 'limit', default: 200 }, cursor = { name: 'after', kind: 'after' } } = paging;
  const asked = Number(request.query.get(size.name) ?? size.default);
  const step = Math.max(1, Math.min(asked, cap));
  const given = request.query.get(cursor.name);
  const start = given === null ? 0 : cursor.kind === 'number' ? (Number(given) - 1) * step : Number(given);
  const end = Math.min(start + step, items.length);
  const shown = items.slice(start, end);
  const body = paging.body === undefined ? shown : paging.body(shown, items.length);
  if (end >= items.length && paging.endless !== true) return { body };
  const query = new URLSearchParams(request.query);
  query.set(cursor.name, String(cursor.kind === 'number' ? start / step + 2 : end));
  return withNext({ body }, `${request.origin}${request.path}?${query}`);
};

const withNext = (answer: FakeAnswer, url: string): FakeAnswer => ({
  ...answer,
  headers: { ...answer.headers, link: `<${url}>; rel="next"` },
});

const keyOf = (path: string, query: URLSearchParams): string => {
  const sorted = new URLSearchParams(query);
  sorted.sort();
  return `${path}?${sorted}`;
};

const seen = async (incoming: IncomingMessage): Promise<Logged> => {
  const { method = 'GET', url = '/', headers } = incoming;
  const origin = `http://${headers.host ?? '127.0.0.1'}`;
  const { pathname, searchParams } = new URL(url, origin);
  const flat = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]);
  return {
    method,
    path: pathname,
    query: searchParams,
    headers: Object.fromEntries(flat),
    body: await textOf(incoming),
    origin,
    params: {},
    refused: null,
  };
};

const textOf = async (incoming: IncomingMessage): Promise<string> => {
  let text = '';
  incoming.setEncoding('utf8');
  for await (const piece of incoming) {
    text += String(piece);
    if (text.length > 1_048_576) throw new Error('the request is larger than the fake takes');
  }
  return text;
};
