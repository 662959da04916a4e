import { Button, Textarea } from '@mantine/core';
import { IconClipboard, IconKeyboard, IconMaximize, IconMinimize } from '@tabler/icons-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useFullScreen } from './use-full-screen.ts';
import { useVnc, type VncState } from './use-vnc.ts';
import classes from './VncView.module.css';

interface VncViewProps {
  /** Of the WebSocket that leads to the endpoint. */
  readonly url: string;
  /** May be shared in both directions. */
  readonly clipboard: boolean;
  /** Told once, with why. */
  onOver(reason: string): void;
}

/** The screen of a VNC endpoint, as large as there is room for it. */
export function VncView({ url, clipboard, onOver }: VncViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const typeButton = useRef<HTMLButtonElement>(null);
  const [screen, setScreen] = useState<HTMLDivElement | null>(null);
  const [isTyping, setTyping] = useState(false);
  const [isClipboardShown, setClipboardShown] = useState(false);
  const [text, setText] = useState('');
  const { isFull, toggle } = useFullScreen(frame);
  const { state, rfb } = useVnc({ url, screen, onOver, onCopied: setText });

  /** The screen takes every key, Tab among them, so there is one way out that no program at the endpoint needs. */
  const letGo = (event: KeyboardEvent) => {
    const isAll = event.ctrlKey && event.altKey && event.shiftKey && !event.getModifierState('AltGraph');
    if (!isAll || !/^(Control|Alt|Shift)$/.test(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    // The endpoint saw two of them pressed, and would not hear that they were let go.
    for (const [symbol, code] of modifiers) rfb?.sendKey(symbol, code, false);
    typeButton.current?.focus();
  };

  return (
    <div className={classes.view} ref={frame}>
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
            disabled={state.is !== 'connected'}
            onClick={() => rfb?.focus({ preventScroll: true })}
          >
            Type
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            disabled={state.is !== 'connected'}
            onClick={() => rfb?.sendCtrlAltDel()}
          >
            Ctrl-Alt-Del
          </Button>
          {clipboard ? (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconClipboard size={15} />}
              aria-expanded={isClipboardShown}
              onClick={() => setClipboardShown(!isClipboardShown)}
            >
              Clipboard
            </Button>
          ) : null}
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
      {clipboard && isClipboardShown ? (
        <div className={classes.clipboard}>
          <Textarea
            label="Clipboard of the endpoint"
            description="What is copied there shows here. Send text to paste it there."
            rows={3}
            maxLength={100_000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button
            size="sm"
            disabled={state.is !== 'connected' || text === ''}
            onClick={() => rfb?.clipboardPasteFrom(text)}
          >
            Send
          </Button>
        </div>
      ) : null}
      <div
        ref={setScreen}
        className={classes.screen}
        role="application"
        aria-label="Screen of the endpoint"
        onKeyDownCapture={letGo}
        onFocus={() => setTyping(true)}
        onBlur={() => setTyping(false)}
      />
    </div>
  );
}

const wordsOf = (state: VncState, isTyping: boolean): string => {
  if (state.is === 'connecting') return 'Connecting …';
  if (state.is === 'over') return state.reason;
  return isTyping
    ? 'Keys go to the endpoint. Ctrl + Alt + Shift lets go of the keyboard.'
    : 'Connected. Click into the screen, or choose Type, to use the keyboard.';
};

/** Symbols of X11 with their keys. */
const modifiers: readonly (readonly [number, string])[] = [
  [0xffe3, 'ControlLeft'],
  [0xffe4, 'ControlRight'],
  [0xffe9, 'AltLeft'],
  [0xffea, 'AltRight'],
  [0xffe1, 'ShiftLeft'],
  [0xffe2, 'ShiftRight'],
];
