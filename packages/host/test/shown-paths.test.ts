import { expect, test } from 'vitest';
import { z } from 'zod';
import { createHost, type LogLine, type Refusal } from '../src/index.ts';
import { reply, startServer } from '../src/testing/index.ts';

test('a path that opens a door is in no log line, detail or refusal, whatever becomes of the request', async () => {
  const answers = {
    '/requests/823190417355/ok': reply.json(1),
    '/requests/823190417355/no': reply.status(403, { no: true }),
  };
  const server = await startServer({ ...answers, '/requests/823190417355/dead': reply.dead() });
  const log: LogLine[] = [];
  const refusals: Refusal[] = [];
  const host = createHost({ signal: new AbortController().signal, attempts: 1, log: (line) => void log.push(line) });
  const http = host.http({
    ...{ origin: server.origin, system: 'Acme', shown: (path) => path.replace(/\d+/, '…') },
    explain: (refusal) => {
      refusals.push(refusal);
      return undefined;
    },
  });
  try {
    const ends = ['ok', 'no', 'dead'].map((end) => http.request(`/requests/823190417355/${end}`, z.string()));
    const faults = (await Promise.allSettled(ends)).map((one) =>
      one.status === 'rejected' ? one.reason.detail : null,
    );
    expect(faults).toEqual([
      expect.stringContaining('GET /requests/…/ok'),
      expect.stringContaining('GET /requests/…/no -> 403'),
      expect.stringContaining('GET /requests/…/dead'),
    ]);
    expect(JSON.stringify({ log, refusals, faults })).not.toContain('823190417355');
    expect(server.requests.map(({ url }) => url)).toContain('/requests/823190417355/ok');
  } finally {
    await server.close();
  }
});
