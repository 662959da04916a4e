import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';

/** Requests and answers of real organisations, beside the project; tests that need them are skipped without them. */
export const recordings = resolve(import.meta.dirname, '../../../../../shared/corpora/okta');

/** One request and its answer, as they were recorded. */
export interface Exchange {
  readonly at: string;
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly body: unknown;
}

/** The exchanges of one file, in order. */
export interface Recording {
  readonly name: string;
  readonly exchanges: readonly Exchange[];
}

export const readRecordings = (folder = recordings): readonly Recording[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.jsonl'))
    .sort()
    .map((name) => ({
      name,
      exchanges: readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Exchange), // as the recordings' description says
    }));

/** Path and query of a recorded address; some were recorded with a doubled slash. */
export const pathOf = ({ url }: Exchange): string => url.replace(/^https?:\/\/[^/]+/, '').replace(/^\/{2,}/, '/');

/** An answer to be served: from a recording, or made for what recordings lack. */
export interface Replayed {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | null;
  readonly body: unknown;
}

export interface Replay extends AsyncDisposable {
  readonly origin: string;
  /** Requests for which nothing was recorded. */
  readonly unknown: readonly string[];
}

/**
 * Serves what `answerOf` finds for a path and query. Addresses of the recorded organisations, in links and bodies, are
 * turned into the replay's own, as they would be for whoever asks there. Hands out a token to everybody.
 */
export const openReplay = async (
  answerOf: (method: string, pathAndQuery: string) => Replayed | undefined,
): Promise<Replay> => {
  const unknown: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const { method = 'GET', url = '/' } = request;
    const origin = `http://${request.headers.host}`;
    if (url === '/oauth2/v1/token') {
      response.writeHead(200, { 'content-type': 'application/json' });
      return response.end(JSON.stringify({ token_type: 'Bearer', expires_in: 3_600, access_token: 'recorded' }));
    }
    const found = answerOf(method, url);
    if (found === undefined) unknown.push(`${method} ${url}`);
    const { status, headers, body } = found ?? { status: 404, headers: null, body: { errorCode: 'E0000007' } };
    const own = (text: string) => text.replaceAll(recordedOrigin, origin);
    response.writeHead(status, {
      ...Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, own(value)])),
      ...(typeof body === 'string' ? {} : { 'content-type': 'application/json' }),
    });
    return response.end(own(typeof body === 'string' ? body : JSON.stringify(body)));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens at a port, not at a pipe
    unknown,
    [Symbol.asyncDispose]: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};

const recordedOrigin = /https?:\/\/[a-z0-9-]+\.(?:okta|oktapreview)\.com/g;
