import { createRdpMessages, type RdpMessages } from './rdp-messages.ts';
import { openRdpSession } from './rdp-session.ts';
import { createRdpTape, type RdpTape } from './rdp-tape.ts';

/** A piece of a recording. */
export interface RdpFrame {
  readonly atMs: number;
  /** A segment is one connection of a browser: what was sent before it means nothing to it. */
  readonly kind: 'segment' | 'bytes';
  readonly bytes: Uint8Array;
}

/** A recording on a canvas, at one moment of it. */
export interface RdpReel {
  /** Shows the moment. Going back begins again at the segment that the moment is in, as fast as it can be drawn. */
  show(frames: readonly RdpFrame[], atMs: number): void;
  close(): void;
}

/**
 * Draws a recording with the client that showed the session: what a host says does not depend on what its client answers,
 * because all secrets of the connection are in the TLS around it, which ended at the site.
 */
export const createRdpReel = (canvas: HTMLCanvasElement, onProblem: (words: string) => void): RdpReel => {
  let next = 0;
  let shownMs = 0;
  let current: { tape: RdpTape; messages: RdpMessages } | null = null;

  const begin = () => {
    current?.tape.end();
    const tape = createRdpTape();
    current = { tape, messages: createRdpMessages() };
    openRdpSession({
      ...{ url: tape.url, tape, canvas, width: 1_024, height: 768 },
      ...{ onCursor: () => undefined, onResize: () => undefined, onCopy: () => undefined },
    }).then(
      // How it ended is part of the recording, and the last picture stays.
      (session) => void session.ended.catch(() => undefined),
      () => {
        if (current?.tape === tape) onProblem('This part of the recording cannot be shown.');
      },
    );
  };
  const give = ({ kind, bytes }: RdpFrame) => {
    if (kind === 'segment' || current === null) begin();
    if (bytes.length === 0 || current === null) return;
    try {
      for (const message of current.messages.push(bytes)) current.tape.play(message);
    } catch (error) {
      onProblem(error instanceof Error ? error.message : 'The recording cannot be shown.');
    }
  };
  return {
    show(frames, atMs) {
      if (atMs < shownMs) {
        next = Math.max(
          0,
          frames.findLastIndex((frame) => frame.kind === 'segment' && frame.atMs <= atMs),
        );
        current?.tape.end();
        current = null;
      }
      shownMs = atMs;
      for (let frame = frames[next]; frame !== undefined && frame.atMs <= atMs; frame = frames[++next]) give(frame);
    },
    close() {
      current?.tape.end();
      current = null;
    },
  };
};
