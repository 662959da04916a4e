import { randomUUID } from 'node:crypto';
import { Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { newRecordingKey, sealChunk } from '../recordings/chunk.ts';
import { addEvent } from '../support/events.ts';
import type { TestSite } from './test-site.ts';

type Host = Pick<TestSite, 'database' | 'clock' | 'site'>;

/** What a file or the recording of a screen is stored as; resolves with its id. */
export const keepThing = async (
  { database, clock, site }: Host,
  lsid: string,
  kind: 'file' | 'screen',
  parts: readonly (string | Buffer)[],
  state = 'kept',
): Promise<string> => {
  const [id, key] = [randomUUID(), newRecordingKey()];
  const sealedKey = site.server.sealer.seal(new Secret(key.toString('base64url')), ['support-blob', id]);
  const bytes = parts.map((part) => Buffer.from(part as string)); // a buffer is copied as it is
  const chunks = await Promise.all(bytes.map((part, seq) => sealChunk(key, { sessionId: id, seq }, part)));
  await database.system(async (tx) => {
    await sql`insert into support_blobs (blob_id, lsid, gsnumber, kind, name, media_type, sealed_key, state, bytes, chunks,
      began_at) values (${id}, ${lsid}, 1, ${kind}, ${'a "b" <c>.txt'}, 'text/html', ${sealedKey}, ${state},
      ${Buffer.concat(bytes).length}, ${parts.length}, ${clock.now()})`.execute(tx);
    for (const [seq, content] of chunks.entries())
      await sql`insert into support_blob_chunks (blob_id, seq, content) values (${id}, ${seq}, ${content})`.execute(tx);
  });
  return id;
};

/** That the customer sent it. */
export const tellOfFile = ({ database, clock }: Host, lsid: string, id: string, name: string): Promise<unknown> =>
  database.system((tx) =>
    addEvent(tx, lsid, { type: 'file_sent', performedBy: 1, body: { file: id, name, size: 1 }, at: clock.now() }),
  );
