import type { State } from './state-file.ts';

/** How the collector is, for people. `now` tells how long ago things were. */
export const statusLines = (state: State, now: Date, isRunning: boolean): readonly string[] => {
  const { standing, spool, streams, check, update, clockOffsetMs, sources } = state;
  const ago = (text: string | null) => (text === null ? 'never' : since(new Date(text), now));
  return [
    `Collector "${state.name}", version ${state.version}, ${isRunning ? `process ${state.pid}` : 'not running'}`,
    `Server    ${state.server}: ${words[standing.state]}, last answer ${ago(standing.answeredAt)}`,
    ...(standing.sentence === null ? [] : [`          ${standing.sentence}`]),
    ...(clockOffsetMs === 0 ? [] : [`Clock     ${Math.round(clockOffsetMs / 1_000)} s off the server's; set it right`]),
    ...sources.map(({ id, name }) => {
      const held = standing.heldBy.find(({ source }) => source === id);
      const who = standing.leases.includes(id)
        ? 'read by this collector'
        : held
          ? `read by ${held.collector}`
          : 'not read now';
      return `Source    ${name}: ${who}`;
    }),
    ...(check?.fault ? [`          ${check.fault.advice}`] : []),
    ...(check?.caveats ?? []).map(({ advice }) => `          ${advice}`),
    `Waiting   ${spool.batches} batches, ${Math.round(spool.bytes / 1_000)} of ${Math.round(spool.mostBytes / 1_000)} kB`,
    ...spool.dropped.map(({ stream, batches }) => `          ${batches} batches of ${stream} were dropped`),
    ...(update === null ? [] : [`Update    ${update.said} (${ago(update.at)})`]),
    ...streams.map(
      ({ stream, state, readAt, nextAt }) =>
        `Stream    ${stream}: ${state}, read ${ago(readAt)}, next ${nextAt === null ? '' : until(new Date(nextAt), now)}`,
    ),
  ];
};

const words = {
  starting: 'not asked yet',
  connected: 'connected',
  unreachable: 'does not answer',
  off: 'turned off',
  removed: 'deleted',
  unknown: 'not known there',
} as const;

const since = (then: Date, now: Date) => `${span(now.getTime() - then.getTime())} ago`;
const until = (then: Date, now: Date) => (then <= now ? 'now' : `in ${span(then.getTime() - now.getTime())}`);

const span = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
};
