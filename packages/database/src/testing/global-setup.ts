import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type Embedded, startEmbedded } from '../embedded/start-embedded.ts';
import { makeScratch } from './scratch.ts';

/** Where a test asks for the server of this run; it starts at the first question. */
export const doorVariable = 'GATEHOUSE_TEST_DATABASE_DOOR';
/** A server to use instead of the embedded one; its user may create databases and roles. */
export const serverVariable = 'GATEHOUSE_TEST_DATABASE_URL';

/** Vitest's global setup: one PostgreSQL for all workers of a run, which a run without database tests never starts. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env[serverVariable]) return async () => undefined;
  let started: Promise<{ server: Embedded; home: string }> | null = null;
  const door = createServer(async (_, answer) => {
    try {
      started ??= start();
      const { server } = await started;
      answer.end((await server.database('postgres')).reveal());
    } catch (error) {
      answer.statusCode = 500;
      answer.end(String(error));
    }
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const address = door.address();
  process.env[doorVariable] = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return async () => {
    door.close();
    door.closeAllConnections();
    if (!started) return;
    const { server, home } = await started;
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  };
}

const start = async () => {
  const home = makeScratch('gatehouse-test-database-');
  const server = await startEmbedded({ home: join(home, 'home'), settings: careless });
  return { server, home };
};

/** Nothing here must outlive the run, and each database that is made or dropped is looked for in all buffers. */
export const careless = {
  ...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  ...{ max_connections: 200, shared_buffers: '128MB', max_wal_size: '512MB' },
};
