import { Button } from '@mantine/core';
import { IconKeyboard, IconMaximize } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import classes from './RdpView.module.css';
import { ctrlAltDel } from './rdp-keys.ts';
import { openRdpSession, type RdpSession, wordsOf } from './rdp-session.ts';
import { useRdpInput } from './use-rdp-input.ts';

interface Props {
  /** Of the WebSocket that leads to the endpoint. */
  readonly url: string;
  readonly clipboard: boolean;
  /** Told once, with why. */
  readonly onOver: (reason: string) => void;
}

type State = { readonly kind: 'connecting' } | { readonly kind: 'open' } | { readonly kind: 'over'; reason: string };

/** A remote desktop, as large as there is room for it. */
export function RdpView({ url, clipboard, onOver }: Props) {
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [session, setSession] = useState<RdpSession | null>(null);
  const [state, setState] = useState<State>({ kind: 'connecting' });
  const latest = useRef({ clipboard, onOver });
  latest.current = { clipboard, onOver };
  useRdpInput(canvas, session, clipboard);

  useEffect(() => {
    const [room, screen] = [stage.current, canvas.current];
    if (room === null || screen === null) return;
    const left = new AbortController();
    let opened: RdpSession | null = null;
    let timer = 0;
    const over = (reason: string) => {
      if (left.signal.aborted) return;
      setState({ kind: 'over', reason });
      setSession(null);
      latest.current.onOver(reason);
    };
    openRdpSession({
      ...{ url, canvas: screen, ...roomIn(room) },
      onCursor: (style) => {
        screen.style.cursor = style;
      },
      onResize: () => undefined,
      onCopy: (text) => {
        // Refused by browsers where the page is not in front; the next copy has another chance.
        if (latest.current.clipboard) navigator.clipboard?.writeText(text).catch(() => undefined);
      },
    }).then(
      (made) => {
        opened = made;
        if (left.signal.aborted) return made.close();
        setSession(made);
        setState({ kind: 'open' });
        screen.focus({ preventScroll: true });
        made.ended.then(
          (reason) => over(reason === '' ? 'The session has ended.' : `${reason.replace(/\.?$/, '.')}`),
          (error: unknown) => over(error instanceof Error ? error.message : 'The connection was lost.'),
        );
      },
      (error: unknown) => over(wordsOf(error)),
    );
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        const { width, height } = roomIn(room);
        opened?.resize(width, height);
      }, 300);
    });
    observer.observe(room);
    return () => {
      left.abort();
      clearTimeout(timer);
      observer.disconnect();
      opened?.close();
    };
  }, [url]);

  return (
    <div className={classes.view}>
      <div className={classes.bar}>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconKeyboard size={15} />}
          disabled={session === null}
          onClick={() => {
            for (const key of ctrlAltDel) session?.key(key, true);
            for (const key of ctrlAltDel) session?.key(key, false);
            canvas.current?.focus({ preventScroll: true });
          }}
        >
          Ctrl-Alt-Del
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconMaximize size={15} />}
          onClick={() => void stage.current?.requestFullscreen().then(() => canvas.current?.focus())}
        >
          Full screen
        </Button>
        <span className={classes.hint}>Ctrl+Alt+Shift together give the keyboard back to this page.</span>
      </div>
      <div ref={stage} className={classes.stage}>
        {/* Everything typed goes to the endpoint, which says itself what is on its screen. */}
        <canvas ref={canvas} className={classes.screen} tabIndex={0} aria-label="Remote desktop" />
        {state.kind === 'open' ? null : (
          <div className={classes.state} role="status">
            {state.kind === 'connecting' ? 'Connecting …' : state.reason}
          </div>
        )}
      </div>
    </div>
  );
}

/** Whole numbers that every endpoint takes: even, and neither tiny nor enormous. */
const roomIn = (element: HTMLElement): { width: number; height: number } => {
  const even = (pixels: number) => Math.min(4_096, Math.max(320, Math.floor(pixels / 4) * 4));
  return { width: even(element.clientWidth), height: even(element.clientHeight) };
};
