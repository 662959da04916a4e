import { useEffect, useEffectEvent, useState } from 'react';
import { createDesktopReader, NoDesktopRecording } from '../../../src/api/desktop-format.ts';
import type { PlayerProps } from './Player.tsx';
import { createPlayback, type Playback, type PlaybackState, type Stage } from './playback.ts';

interface PlaybackUse {
  /** The recording; of a session that goes on it goes on, too. Another function means another recording. */
  readonly source: () => Promise<Response>;
  readonly isLive: boolean;
  /** Where it is drawn. */
  readonly target: HTMLElement | null;
  openStage(target: HTMLElement, onBroken: () => void): Stage;
}

/** Reads a recording as it comes and plays it into an element. */
export const usePlayback = ({ source, isLive, target, openStage }: PlaybackUse): Omit<PlayerProps, 'children'> => {
  const [playback, setPlayback] = useState<Playback | null>(null);
  const [state, setState] = useState<PlaybackState>(atFirst);
  const [problem, setProblem] = useState<string | null>(null);
  const open = useEffectEvent(openStage);

  useEffect(() => {
    if (target === null) return;
    const left = new AbortController();
    const broken = () => setProblem('From here on the recording cannot be drawn. Go back, or load the page anew.');
    const made = createPlayback({
      openStage: () => open(target, broken),
      onChange: () => setState(made.state()),
      onBroken: broken,
      ...{ isLive, ticks },
    });
    setPlayback(made);
    setState(made.state());
    setProblem(null);
    read(source, left.signal, made.add)
      .catch((error: unknown) => {
        if (!left.signal.aborted) setProblem(wordsOf(error));
      })
      .finally(() => {
        if (!left.signal.aborted) made.finish();
      });
    return () => {
      left.abort();
      made.close();
    };
  }, [source, isLive, target]);

  return {
    ...{ ...state, isLive, problem },
    onPlay: () => playback?.play(),
    onPause: () => playback?.pause(),
    onSeek: (ms) => playback?.seek(ms),
    onSpeed: (speed) => playback?.setSpeed(speed),
    onFollow: () => playback?.follow(),
  };
};

const atFirst: PlaybackState = { atMs: 0, lengthMs: 0, isPlaying: true, speed: 1, isFollowing: false };

const ticks = {
  now: () => performance.now(),
  next: (call: () => void) => {
    const request = requestAnimationFrame(call);
    return () => cancelAnimationFrame(request);
  },
};

const read = async (source: () => Promise<Response>, signal: AbortSignal, take: Playback['add']): Promise<void> => {
  const response = await source();
  if (!response.ok || response.body === null) throw new Error(`answered ${response.status}`);
  const body = response.body.getReader();
  const leave = () => void body.cancel().catch(() => undefined);
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  const reader = createDesktopReader();
  for (;;) {
    const { done, value } = await body.read();
    if (done || signal.aborted) return;
    const frames = reader.push(value);
    if (frames.length > 0) take(frames);
  }
};

const wordsOf = (error: unknown): string =>
  error instanceof NoDesktopRecording
    ? 'This recording is damaged. What came before the damage can be played.'
    : 'The recording could not be read to its end. Load the page anew to try again.';
