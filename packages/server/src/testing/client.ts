import type { Json } from '@gatehouse/kernel';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; null when it is empty or no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape and fail on a wrong one.
  readonly body: any;
}

export interface AskOptions {
  readonly body?: Json;
  /** Sent as they are, after the usual ones; undefined takes a usual one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** A browser as the server sees one: keeps cookies, sends Origin, follows no redirect. */
export interface TestClient {
  readonly url: string;
  /** By name; the value as the server set it. */
  readonly cookies: Map<string, string>;
  ask(method: string, path: string, options?: AskOptions): Promise<Answer>;
  get(path: string, options?: AskOptions): Promise<Answer>;
  post(path: string, body?: Json, options?: AskOptions): Promise<Answer>;
}

export const testClient = (url: string, fixed: Readonly<Record<string, string>> = {}): TestClient => {
  const cookies = new Map<string, string>();
  const ask: TestClient['ask'] = async (method, path, { body, headers = {} } = {}) => {
    const sent = new Headers({ accept: 'application/json', origin: url, ...fixed });
    if (cookies.size > 0) sent.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    if (body !== undefined) sent.set('content-type', 'application/json');
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined) sent.delete(name);
      else sent.set(name, value);
    }
    const response = await fetch(new URL(path, url), {
      method,
      headers: sent,
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) keep(cookies, line);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text) };
  };
  return {
    url,
    cookies,
    ask,
    get: (path, options) => ask('GET', path, options),
    post: (path, body, options) => ask('POST', path, { ...options, ...(body !== undefined && { body }) }),
  };
};

const keep = (cookies: Map<string, string>, line: string): void => {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  const ended = attributes.some((attribute) => /^max-age=0$/i.test(attribute));
  if (ended) cookies.delete(pair.slice(0, at));
  else cookies.set(pair.slice(0, at), pair.slice(at + 1));
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
