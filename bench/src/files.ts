import { createHash, type Hash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Database, type Embedded, openDatabase } from '@gatehouse/database';
import type { TestClient } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Figure } from './figure.ts';
import { forgetPeak, mebibytes, memoryOf } from './process-memory.ts';
import { startProgram } from './programs.ts';
import { behindProxy, openRepresentative, openSupportSession } from './support-session.ts';

const blockBytes = 1024 * 1024;
/** What a process needs to be as large as it is when it works. */
const warmUpBlocks = 64;

const Sent = z.object({ file: z.uuid(), size: z.number(), sha256: z.string() });

/**
 * A customer sends a file of so many mebibytes, and the representative has it: encrypted, kept and whole, against the same
 * bytes in rows of a bare table, written and read. Memory is what the process of the site has in it: the most it was, less
 * what it was after a smaller file.
 */
export const measureFiles = async (
  server: Embedded,
  scratch: string,
  plan: { readonly mebibytes: number },
  say: (text: string) => void,
): Promise<readonly Figure[]> => {
  await using site = await startProgram('site', server, scratch, behindProxy);
  const representative = await openRepresentative(site);
  const { customer, lsid } = await openSupportSession(site, representative, 0);
  const there = async (blocks: number) => {
    const { file, sha256 } = await put(customer, '/api/portal/session/files?name=image.bin', blocks);
    const got = await fetchDigest(representative, `/api/support/sessions/${lsid}/files/${file}`);
    if (sha256 !== digestOf(blocks) || got !== sha256) throw new Error('The file is not what was sent.');
  };
  await there(warmUpBlocks);
  const before = memoryOf(site.pid).now;
  forgetPeak(site.pid);
  const ours = await timed(() => there(plan.mebibytes));
  const growth = Math.max(0, memoryOf(site.pid).most - before);
  const database = await openDatabase({ url: await server.database('bench_files'), migrations: [], poolSize: 2 });
  const floor = await timed(() => bare(database, plan.mebibytes)).finally(() => database.close());
  say(`files: ${Math.round(ours)} ms, bare ${Math.round(floor)} ms; memory grew by ${mebibytes(growth)}`);
  const name = `a file of ${plan.mebibytes} MiB to the site and from it`;
  return [
    { ...{ name, ours, unit: 'ms', limit: null }, floor: { name: 'the same bytes in rows', value: floor, atMost: 4 } },
    { ...{ name: `${name}, memory`, ours: growth / 1_024, unit: 'MiB', floor: null, limit: 128 } },
  ];
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
};

/** Blocks that no compression makes smaller, each another one. */
const block = randomBytes(blockBytes);
function* blocksOf(count: number): Generator<Buffer> {
  for (let number = 0; number < count; number += 1) {
    const one = Buffer.from(block);
    one.writeUInt32BE(number, 0);
    yield one;
  }
}
const digestOf = (blocks: number): string => {
  const hash = createHash('sha256');
  for (const one of blocksOf(blocks)) hash.update(one);
  return hash.digest('hex');
};

const headersOf = ({ url, cookies }: TestClient) => ({
  ...{ cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), origin: new URL(url).origin },
});

const put = async (person: TestClient, path: string, blocks: number): Promise<z.output<typeof Sent>> => {
  const sent = request(new URL(path, person.url), {
    method: 'PUT',
    headers: {
      ...{ ...headersOf(person), 'content-type': 'application/octet-stream' },
      'content-length': String(blocks * blockBytes),
    },
  });
  const answered = new Promise<Readable>((resolve, reject) => {
    sent.once('response', resolve);
    sent.once('error', reject);
  });
  await pipeline(Readable.from(blocksOf(blocks)), sent);
  const parts: Buffer[] = [];
  for await (const part of await answered) parts.push(part);
  return Sent.parse(JSON.parse(Buffer.concat(parts).toString('utf8')));
};

const fetchDigest = async (person: TestClient, path: string): Promise<string> => {
  const answer = await fetch(new URL(path, person.url), { headers: headersOf(person) });
  const hash: Hash = createHash('sha256');
  for await (const part of answer.body ?? []) hash.update(part);
  return hash.digest('hex');
};

const bare = async (database: Database, blocks: number): Promise<void> => {
  const { owner } = database;
  await sql`create table blocks (seq int primary key, content bytea not null)`.execute(owner);
  let seq = 0;
  for (const one of blocksOf(blocks)) await sql`insert into blocks values (${seq++}, ${one})`.execute(owner);
  const hash = createHash('sha256');
  for (let at = 0; at < blocks; at += 1) {
    const { rows } = await sql<{ content: Buffer }>`select content from blocks where seq = ${at}`.execute(owner);
    hash.update(rows[0]?.content ?? '');
  }
  if (hash.digest('hex') !== digestOf(blocks)) throw new Error('The rows are not what was written.');
};
