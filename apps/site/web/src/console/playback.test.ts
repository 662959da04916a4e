import { describe, expect, test } from 'vitest';
import type { DesktopFrame } from '../../../src/api/desktop-format.ts';
import { createPlayback } from './playback.ts';

const frame = (atMs: number, word: string | null): DesktopFrame => ({
  ...{ atMs, kind: word === null ? 'segment' : 'bytes', bytes: Uint8Array.from(Buffer.from(word ?? '')) },
});
const session = [
  ...[frame(0, null), frame(0, 'a'), frame(1_000, 'b'), frame(2_000, 'c')],
  ...[frame(5_000, null), frame(5_000, 'x'), frame(6_000, 'y')],
];

/** A player whose clock moves when it is told to. `stages` are those that were opened, with what each was fed. */
const player = (isLive = false) => {
  const stages: string[] = [];
  const closed: number[] = [];
  let now = 0;
  let waiting: (() => void) | null = null;
  const playback = createPlayback({
    openStage() {
      const number = stages.push('') - 1;
      return {
        feed: async (bytes) => {
          stages[number] += Buffer.from(bytes).toString();
        },
        close: () => void closed.push(number),
      };
    },
    ...{ onChange: () => undefined, onBroken: () => undefined, isLive },
    ticks: {
      now: () => now,
      next(call) {
        waiting = call;
        return () => {
          waiting = null;
        };
      },
    },
  });
  const rest = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  const pass = async (ms: number) => {
    now += ms;
    const call = waiting;
    waiting = null;
    call?.();
    await rest();
  };
  return { playback, stages, closed, pass, rest };
};

describe('a recording', () => {
  test('plays in its time, with a new stage for each segment, and stops at its end', async () => {
    const { playback, stages, closed, pass } = player();
    playback.add(session);
    playback.finish();
    await pass(999);
    expect(stages).toEqual(['a']);
    await pass(1);
    expect(stages).toEqual(['ab']);
    await pass(4_000);
    expect([stages, closed]).toEqual([['ab', 'x'], [0]]);
    await pass(10_000);
    expect(stages).toEqual(['ab', 'xy']);
    expect(playback.state()).toMatchObject({ atMs: 6_000, lengthMs: 6_000, isPlaying: false });
    playback.play();
    await pass(0);
    expect(stages.at(-1)).toBe('a');
  });

  test('goes on fast, and not at all while it is paused', async () => {
    const { playback, stages, pass, rest } = player();
    playback.add(session);
    playback.setSpeed(4);
    await pass(500);
    expect(stages).toEqual(['abc']);
    playback.pause();
    await pass(60_000);
    expect(playback.state().atMs).toBe(2_000);
    playback.play();
    await pass(750);
    await rest();
    expect(stages).toEqual(['abc', 'x']);
  });

  test('going back is a new stage from the beginning of that segment, going on is not', async () => {
    const { playback, stages, closed, rest } = player();
    playback.add(session);
    playback.pause();
    playback.seek(2_000);
    await rest();
    playback.seek(1_500);
    await rest();
    expect([stages, closed]).toEqual([['abc', 'ab'], [0]]);
    playback.seek(2_500);
    await rest();
    playback.seek(6_000);
    await rest();
    playback.seek(5_500);
    await rest();
    playback.seek(0);
    await rest();
    expect(stages).toEqual(['abc', 'abc', 'xy', 'x', 'a']);
    playback.seek(-5);
    playback.seek(99_999);
    await rest();
    expect(playback.state().atMs).toBe(6_000);
  });

  test('that grows is followed at its end, until somebody goes back in it, and again when they want', async () => {
    const { playback, stages, pass, rest } = player(true);
    playback.add(session.slice(0, 3));
    await rest();
    await pass(16);
    expect(stages).toEqual(['ab']);
    playback.add(session.slice(3, 4));
    await pass(16);
    expect(stages).toEqual(['abc']);
    playback.pause();
    playback.seek(500);
    playback.add(session.slice(4));
    await pass(5_000);
    expect(stages.at(-1)).toBe('a');
    playback.follow();
    await rest();
    expect(stages.at(-1)).toBe('xy');
    playback.finish();
    await pass(16);
    expect(playback.state()).toMatchObject({ isFollowing: false, isPlaying: false });
  });

  test('waits at its end for what is still on its way', async () => {
    const { playback, stages, pass } = player();
    playback.add(session.slice(0, 3));
    await pass(5_000);
    expect(playback.state()).toMatchObject({ atMs: 1_000, isPlaying: true });
    playback.add(session.slice(3));
    await pass(1_000);
    expect(stages).toEqual(['abc']);
  });
});
