import type { DesktopFrame } from '../../../src/api/desktop-format.ts';

/** Draws one segment from its beginning. */
export interface Stage {
  /** Resolves when it is ready for more. */
  feed(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): void;
}

export interface PlaybackState {
  readonly atMs: number;
  readonly lengthMs: number;
  readonly isPlaying: boolean;
  readonly speed: number;
  readonly isFollowing: boolean;
}

export interface Playback {
  state(): PlaybackState;
  /** More of the recording, in order. */
  add(frames: readonly DesktopFrame[]): void;
  /** There is no more. */
  finish(): void;
  play(): void;
  pause(): void;
  seek(ms: number): void;
  setSpeed(speed: number): void;
  follow(): void;
  close(): void;
}

/** What time it is, and how to be called a little later. The page's own, or that of a test. */
export interface Ticks {
  now(): number;
  /** Calls back once; returns how to call it off. */
  next(call: () => void): () => void;
}

/**
 * Plays a recording that may still grow. Every state of a screen follows from all that came before it in its segment, so
 * going back means a new stage that is fed from the segment's beginning, as fast as it draws.
 */
export const createPlayback = (options: {
  openStage(): Stage;
  onChange(): void;
  /** The stage cannot be opened, or fed. */
  onBroken(error: unknown): void;
  readonly isLive: boolean;
  readonly ticks: Ticks;
}): Playback => {
  const { openStage, onChange, onBroken, ticks } = options;
  const frames: DesktopFrame[] = [];
  /** Where segments begin in `frames`. */
  const segments: number[] = [];
  let stage: Stage | null = null;
  /** The first frame that the stage has not been fed. */
  let next = 0;
  let isPumping = false;
  let isFinished = false;
  let isClosed = false;
  let atMs = 0;
  let lengthMs = 0;
  let isPlaying = true;
  let isFollowing = options.isLive;
  let speed = 1;
  let callOff: (() => void) | null = null;

  /** The beginning of the segment that is on the screen at a moment. */
  const segmentAt = (ms: number): number => segments.findLast((at) => (frames[at]?.atMs ?? 0) <= ms) ?? 0;

  const restage = (from: number) => {
    stage?.close();
    stage = null;
    next = from;
  };
  /** Brings the stage to the moment, whichever way; the moment may move meanwhile. */
  const pump = async () => {
    if (isPumping) return;
    isPumping = true;
    try {
      while (!isClosed) {
        const began = segmentAt(atMs);
        const isBehind = next > 0 && (frames[next - 1]?.atMs ?? 0) > atMs;
        if (isBehind || began > next) restage(began);
        const frame = frames[next];
        if (frame === undefined || frame.atMs > atMs) return;
        next++;
        if (frame.kind === 'segment' || stage === null) {
          stage?.close();
          stage = openStage();
        }
        if (frame.kind === 'bytes') await stage.feed(frame.bytes);
      }
    } finally {
      isPumping = false;
    }
  };

  let last = ticks.now();
  const tick = () => {
    const now = ticks.now();
    const before = atMs;
    if (isFollowing) atMs = lengthMs;
    else if (isPlaying) atMs = Math.min(lengthMs, atMs + (now - last) * speed);
    last = now;
    if (isPlaying && isFinished && atMs >= lengthMs) isPlaying = false;
    if (atMs !== before || !isPlaying) onChange();
    pump().catch(onBroken);
    callOff = isPlaying && !isClosed ? ticks.next(tick) : null;
  };
  const start = () => {
    if (callOff !== null || isClosed) return;
    last = ticks.now();
    callOff = ticks.next(tick);
  };
  const change = () => {
    onChange();
    pump().catch(onBroken);
    if (isPlaying) start();
  };
  start();

  return {
    state: () => ({ atMs, lengthMs, isPlaying, speed, isFollowing }),
    add(more) {
      for (const frame of more) {
        if (frame.kind === 'segment') segments.push(frames.length);
        frames.push(frame);
        lengthMs = Math.max(lengthMs, frame.atMs);
      }
      change();
    },
    finish() {
      isFinished = true;
      isFollowing = false;
      change();
    },
    play() {
      if (isFinished && atMs >= lengthMs) atMs = 0;
      isPlaying = true;
      change();
    },
    pause() {
      isPlaying = false;
      isFollowing = false;
      change();
    },
    seek(ms) {
      atMs = Math.max(0, Math.min(lengthMs, ms));
      isFollowing = false;
      change();
    },
    setSpeed(to) {
      speed = to;
      change();
    },
    follow() {
      isFollowing = !isFinished;
      atMs = lengthMs;
      isPlaying = true;
      change();
    },
    close() {
      isClosed = true;
      callOff?.();
      stage?.close();
      stage = null;
    },
  };
};
