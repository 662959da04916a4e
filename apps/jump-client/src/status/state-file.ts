import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** How the Jump Client is, as it last wrote down for `gatehouse jump-client status`. Nothing in it is secret. */
export const State = z.object({
  version: z.string(),
  pid: z.number().int(),
  startedAt: z.iso.datetime(),
  writtenAt: z.iso.datetime(),
  site: z.string(),
  name: z.string(),
  standing: z.object({
    state: z.enum(['connecting', 'connected', 'locked', 'refused', 'unpinned']),
    sentence: z.string().nullable(),
  }),
  /** The last thing that was said about updating, and when. */
  update: z.object({ at: z.iso.datetime(), said: z.string() }).nullable(),
  allows: z.object({ shell: z.boolean(), files: z.boolean(), hosts: z.array(z.string()) }),
});
export type State = z.output<typeof State>;

const fileOf = (home: string) => join(home, 'state.json');

/** Null where none was written, or not as it must be: it is made anew all the time. */
export const readState = async (home: string): Promise<State | null> => {
  try {
    return State.safeParse(JSON.parse(await readFile(fileOf(home), 'utf8'))).data ?? null;
  } catch {
    return null;
  }
};

/** Whole or not at all, but not made to last: the next one comes soon. A disk that is full leaves the last one. */
export const writeState = async (home: string, state: State): Promise<void> => {
  const path = fileOf(home);
  try {
    await writeFile(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
    await rename(`${path}.new`, path);
  } catch {
    // Said by the log, which sees the same disk.
  }
};

const words = {
  connecting: 'not connected',
  connected: 'connected',
  locked: 'locked at the site',
  refused: 'refused by the site',
  unpinned: 'unpinned',
} as const;

/** For people. */
export const stateLines = (
  { name, version, pid, site, standing, update, allows }: State,
  isRunning: boolean,
): readonly string[] => [
  `Jump Client "${name}", version ${version}, ${isRunning ? `process ${pid}` : 'not running'}`,
  `Site        ${site}: ${words[standing.state]}`,
  ...(standing.sentence === null ? [] : [`            ${standing.sentence}`]),
  ...(update === null ? [] : [`Update      ${update.said}`]),
  `Allows      ${[allows.shell && 'shells', allows.files && 'files', ...allows.hosts].filter(Boolean).join(', ') || 'nothing'}`,
];
