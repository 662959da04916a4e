import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeAnswer } from '@gatehouse/connector-kit/fake';

export interface Answering extends AsyncDisposable {
  readonly origin: string;
  /** `GET /Users?includeInactive=true`, in order, without what asks for a session. */
  readonly asked: readonly string[];
}

/** A server that lets everybody in and answers as it is told to by method, path and query below the API; else 404. */
export const openAnswering = async (
  answerOf: (path: string, query: URLSearchParams) => FakeAnswer | undefined,
): Promise<Answering> => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const url = new URL(request.url ?? '/', 'http://fake.example');
    const path = url.pathname.replace('/BeyondTrust/api/public/v3', '');
    const isEntrance = path.startsWith('/Auth/');
    if (!isEntrance) asked.push(`${request.method} ${path}${url.search}`);
    const found = answerOf(path, url.searchParams) ?? (isEntrance ? { body: { UserId: 1 } } : { status: 404 });
    const { status = 200, headers = {}, body } = found;
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(isEntrance && { 'set-cookie': ['ASP.NET_SessionId=s; path=/; HttpOnly', 'BIGip=node-2; path=/'] }),
      ...headers,
    });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens at a port, not at a pipe
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};
