import { Button } from '@mantine/core';
import { IconKeyboard, IconMaximize, IconMinimize } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import classes from './RdpView.module.css';
import { ctrlAltDel } from './rdp-keys.ts';
import { useFullScreen } from './use-full-screen.ts';
import { type RdpState, useRdp } from './use-rdp.ts';
import { useRdpInput } from './use-rdp-input.ts';

interface RdpViewProps {
  /** Of the WebSocket that leads to the endpoint. */
  readonly url: string;
  /** May be shared in both directions. */
  readonly clipboard: boolean;
  /** Told once, with why. */
  onOver(reason: string): void;
}

/** The screen of a remote desktop, as large as there is room for it. */
export function RdpView({ url, clipboard, onOver }: RdpViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const typeButton = useRef<HTMLButtonElement>(null);
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null);
  const [isTyping, setTyping] = useState(false);
  const { isFull, toggle } = useFullScreen(frame);
  const { state, session } = useRdp({
    ...{ url, canvas, onOver },
    onCopied: (text) => {
      // Refused by browsers where the page is not in front; the next copy has another chance.
      if (clipboard) navigator.clipboard?.writeText(text).catch(() => undefined);
    },
  });
  useRdpInput({ canvas, session, mayPaste: clipboard, onLetGo: () => typeButton.current?.focus() });

  return (
    <div ref={frame} className={classes.view}>
      <div className={classes.bar}>
        <div className={classes.state} role="status">
          {wordsOf(state, isTyping)}
        </div>
        <div className={classes.actions}>
          <Button
            ref={typeButton}
            size="compact-sm"
            variant="default"
            leftSection={<IconKeyboard size={15} />}
            disabled={session === null}
            onClick={() => canvas?.focus({ preventScroll: true })}
          >
            Type
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            disabled={session === null}
            onClick={() => {
              for (const isDown of [true, false]) for (const key of ctrlAltDel) session?.key(key, isDown);
              canvas?.focus({ preventScroll: true });
            }}
          >
            Ctrl-Alt-Del
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={isFull ? <IconMinimize size={15} /> : <IconMaximize size={15} />}
            onClick={toggle}
          >
            {isFull ? 'Leave full screen' : 'Full screen'}
          </Button>
        </div>
      </div>
      <div className={classes.stage}>
        <canvas
          ref={setCanvas}
          className={classes.screen}
          tabIndex={0}
          aria-label="Screen of the endpoint"
          onFocus={() => setTyping(true)}
          onBlur={() => setTyping(false)}
        />
      </div>
    </div>
  );
}

const wordsOf = (state: RdpState, isTyping: boolean): string => {
  if (state.is === 'connecting') return 'Connecting …';
  if (state.is === 'over') return state.reason;
  return isTyping
    ? 'Keys go to the endpoint. Ctrl + Alt + Shift lets go of the keyboard.'
    : 'Connected. Click into the screen, or choose Type, to use the keyboard.';
};
