import { useEffect, useState } from 'react';
import { createDesktopReader } from '../../../src/api/desktop-format.ts';
import type { RdpFrame } from './rdp-reel.ts';

interface Recording {
  /** Grows in place: what was there stays where it was. */
  readonly frames: readonly RdpFrame[];
  readonly lengthMs: number;
  readonly problem: string | null;
}

/** Reads a recording as it comes. */
export const useRdpFrames = (source: () => Promise<Response>): Recording => {
  const [recording, setRecording] = useState<Recording>({ frames: [], lengthMs: 0, problem: null });
  useEffect(() => {
    const left = new AbortController();
    read(source, left.signal, (more) => {
      setRecording(({ frames, lengthMs }) => ({
        frames: frames.concat(more),
        lengthMs: Math.max(lengthMs, more.at(-1)?.atMs ?? 0),
        problem: null,
      }));
    }).catch(() => {
      if (!left.signal.aborted) setRecording((known) => ({ ...known, problem: 'The recording cannot be read.' }));
    });
    return () => {
      left.abort();
      setRecording({ frames: [], lengthMs: 0, problem: null });
    };
  }, [source]);
  return recording;
};

const read = async (
  source: () => Promise<Response>,
  signal: AbortSignal,
  take: (frames: readonly RdpFrame[]) => void,
): Promise<void> => {
  const response = await source();
  if (!response.ok || response.body === null) throw new Error(`answered ${response.status}`);
  const body = response.body.getReader();
  signal.addEventListener('abort', () => void body.cancel().catch(() => undefined), { once: true });
  const reader = createDesktopReader();
  for (;;) {
    const { done, value } = await body.read();
    if (done || signal.aborted) return;
    const frames = reader.push(value);
    if (frames.length > 0) take(frames);
  }
};
