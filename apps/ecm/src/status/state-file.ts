import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** How the ECM is, as it last wrote down for `gatehouse ecm status`. Nothing in it is secret. */
export const State = z.object({
  ...{ version: z.string(), pid: z.number().int(), startedAt: z.iso.datetime(), writtenAt: z.iso.datetime() },
  ...{ site: z.string(), plugin: z.string().nullable(), tokens: z.string() },
  standing: z.object({ state: z.enum(['connecting', 'connected', 'refused']), sentence: z.string().nullable() }),
  leases: z.number().int(),
});
export type State = z.output<typeof State>;

const fileOf = (home: string): string => join(home, 'state.json');

/** Null where none was written, or not as it must be: it is made anew all the time. */
export const readState = async (home: string): Promise<State | null> => {
  try {
    return State.safeParse(JSON.parse(await readFile(fileOf(home), 'utf8'))).data ?? null;
  } catch {
    return null;
  }
};

/** Whole or not at all, but not made to last: the next one comes soon. */
export const writeState = async (home: string, state: State): Promise<void> => {
  const path = fileOf(home);
  try {
    await writeFile(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
    await rename(`${path}.new`, path);
  } catch {
    // Said by the log, which sees the same disk.
  }
};

/** How it is, for people. */
export const statusLines = (state: State, isRunning: boolean): readonly string[] => [
  `ECM       version ${state.version}, ${isRunning ? `process ${state.pid}` : 'not running'}`,
  `Site      ${state.site}: ${words[state.standing.state]}`,
  ...(state.standing.sentence === null ? [] : [`          ${state.standing.sentence}`]),
  `Plugin    ${state.plugin ?? 'none is set up: run "gatehouse ecm configure"'}`,
  `Leases    ${state.leases} handed out`,
  `Tokens    ${state.tokens}`,
];

const words = { connecting: 'not connected', connected: 'connected', refused: 'the site refuses this ECM' } as const;
