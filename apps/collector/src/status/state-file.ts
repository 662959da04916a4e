import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Hello } from '@gatehouse/connector-kit/ingest';
import { z } from 'zod';

/** How the collector is, as it last wrote down for `gatehouse collector status`. Nothing in it is secret. */
export const State = z.object({
  version: z.string(),
  pid: z.number().int(),
  startedAt: z.iso.datetime(),
  writtenAt: z.iso.datetime(),
  server: z.string(),
  /** What its connection is called. */
  name: z.string(),
  standing: z.object({
    state: z.enum(['starting', 'connected', 'unreachable', 'off', 'removed', 'unknown']),
    since: z.iso.datetime(),
    answeredAt: z.iso.datetime().nullable(),
    sentence: z.string().nullable(),
    leases: z.array(z.string()),
    heldBy: z.array(z.object({ source: z.string(), collector: z.string() })),
  }),
  /** How far the server's clock is ahead of this machine's, in milliseconds; 0 while they agree. */
  clockOffsetMs: z.number(),
  sources: Hello.shape.sources,
  check: Hello.shape.check,
  streams: Hello.shape.streams,
  spool: Hello.shape.spool,
  /** The last thing that was said about updating, and when. */
  update: z.object({ at: z.iso.datetime(), said: z.string() }).nullable(),
});
export type State = z.output<typeof State>;

export const fileOfState = (home: string): string => join(home, 'state.json');

/** Null where none was written, or not as it must be: it is made anew all the time. */
export const readState = async (home: string): Promise<State | null> => {
  try {
    return State.safeParse(JSON.parse(await readFile(fileOfState(home), 'utf8'))).data ?? null;
  } catch {
    return null;
  }
};

/** Whole or not at all, but not made to last: the next one comes soon. A disk that is full leaves the last one. */
export const writeState = async (home: string, state: State): Promise<void> => {
  const path = fileOfState(home);
  try {
    await writeFile(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
    await rename(`${path}.new`, path);
  } catch {
    // Said by the log, which sees the same disk.
  }
};
