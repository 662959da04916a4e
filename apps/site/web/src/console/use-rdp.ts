import { useEffect, useEffectEvent, useState } from 'react';
import { openRdpSession, type RdpSession, wordsOf } from './rdp-session.ts';

export type RdpState =
  | { readonly is: 'connecting' }
  | { readonly is: 'connected' }
  | { readonly is: 'over'; readonly reason: string };

interface RdpUse {
  /** Of the WebSocket that leads to the endpoint. */
  readonly url: string;
  readonly canvas: HTMLCanvasElement | null;
  onOver(reason: string): void;
  /** The endpoint copied a text. */
  onCopied(text: string): void;
}

/** A session that is as large as there is room for its canvas. */
export const useRdp = ({ url, canvas, onOver, onCopied }: RdpUse): { state: RdpState; session: RdpSession | null } => {
  const [session, setSession] = useState<RdpSession | null>(null);
  const [state, setState] = useState<RdpState>({ is: 'connecting' });
  const over = useEffectEvent((reason: string) => {
    setState({ is: 'over', reason });
    setSession(null);
    onOver(reason);
  });
  const copied = useEffectEvent(onCopied);

  useEffect(() => {
    const room = canvas?.parentElement;
    if (canvas === null || !room) return;
    let isLeft = false;
    let opened: RdpSession | null = null;
    let timer = 0;
    const end = (reason: string) => {
      if (!isLeft) over(reason);
    };
    setState({ is: 'connecting' });
    openRdpSession({
      ...{ url, canvas, ...sizeOf(room), onCopy: copied },
      onCursor: (style) => {
        canvas.style.cursor = style;
      },
    }).then(
      (made) => {
        opened = made;
        if (isLeft) return made.close();
        setSession(made);
        setState({ is: 'connected' });
        canvas.focus({ preventScroll: true });
        made.ended.then(
          (reason) => end(reason === '' ? 'The session has ended.' : `${reason.replace(/\.?$/, '.')}`),
          (error: unknown) => end(wordsOf(error)),
        );
      },
      (error: unknown) => end(wordsOf(error)),
    );
    // Not at every step of a window that is being drawn larger.
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        const { width, height } = sizeOf(room);
        opened?.resize(width, height);
      }, 300);
    });
    observer.observe(room);
    return () => {
      isLeft = true;
      clearTimeout(timer);
      observer.disconnect();
      opened?.close();
    };
  }, [url, canvas]);
  return { state, session };
};

/** Whole numbers that every endpoint takes: multiples of four, neither tiny nor enormous. */
const sizeOf = (room: HTMLElement): { width: number; height: number } => {
  const taken = (pixels: number) => Math.min(4_096, Math.max(320, Math.floor(pixels / 4) * 4));
  return { width: taken(room.clientWidth), height: taken(room.clientHeight) };
};
