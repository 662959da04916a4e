import { useEffect, useEffectEvent } from 'react';
import { scancodeOf } from './rdp-keys.ts';
import type { RdpSession } from './rdp-session.ts';

/** How long a browser may take to say what is pasted, until the keys go over without it. */
const pasteMs = 150;

/**
 * Keys, pointer and wheel of a canvas go to the session while it has the focus. Ctrl+Alt+Shift together give the keyboard
 * back to the page, so that nobody is caught in here.
 */
export const useRdpInput = (of: {
  readonly canvas: HTMLCanvasElement | null;
  readonly session: RdpSession | null;
  readonly mayPaste: boolean;
  onLetGo(): void;
}): void => {
  const { canvas: screen, session, mayPaste } = of;
  const letGo = useEffectEvent(of.onLetGo);
  useEffect(() => {
    if (screen === null || session === null) return;
    const ended = new AbortController();
    const on = <K extends keyof HTMLElementEventMap>(
      type: K,
      act: (event: HTMLElementEventMap[K]) => void,
      passive = false,
    ) => screen.addEventListener(type, act, { signal: ended.signal, passive });
    let pasted: (() => void) | null = null;

    const point = ({ clientX, clientY }: MouseEvent) => {
      const { left, top, width, height } = screen.getBoundingClientRect();
      const scaled = (at: number, shown: number, real: number) =>
        Math.min(real - 1, Math.max(0, Math.round((at / shown) * real)));
      session.moveTo(scaled(clientX - left, width, screen.width), scaled(clientY - top, height, screen.height));
    };
    const key = (event: KeyboardEvent, isDown: boolean) => {
      const scancode = scancodeOf(event.code);
      if (scancode === null) return;
      if (isDown && event.ctrlKey && event.altKey && event.shiftKey) return letGo();
      const press = () => session.key(scancode, isDown);
      // What is pasted comes with an event of its own, which the browser gives only where the keys are left to it.
      if (isDown && mayPaste && event.code === 'KeyV' && (event.ctrlKey || event.metaKey) && !event.altKey) {
        if (event.repeat) return event.preventDefault();
        pasted = press;
        setTimeout(() => {
          pasted?.();
          pasted = null;
        }, pasteMs);
        return;
      }
      event.preventDefault();
      if (!isDown && pasted !== null && event.code === 'KeyV') {
        pasted();
        pasted = null;
      }
      press();
    };

    on('keydown', (event) => key(event, true));
    on('keyup', (event) => key(event, false));
    on('paste', (event) => {
      event.preventDefault();
      const press = pasted;
      pasted = null;
      const text = event.clipboardData?.getData('text/plain') ?? '';
      void session.copy(text).finally(() => press?.());
    });
    on('focus', () => session.release());
    on('blur', () => session.release());
    on('pointermove', point);
    on('pointerdown', (event) => {
      event.preventDefault();
      screen.focus({ preventScroll: true });
      screen.setPointerCapture(event.pointerId);
      session.locks({
        scroll: event.getModifierState('ScrollLock'),
        num: event.getModifierState('NumLock'),
        caps: event.getModifierState('CapsLock'),
      });
      point(event);
      session.button(event.button, true);
    });
    on('pointerup', (event) => {
      point(event);
      session.button(event.button, false);
    });
    on('contextmenu', (event) => event.preventDefault());
    on('wheel', (event) => {
      event.preventDefault();
      session.wheel(event);
    });
    return () => ended.abort();
  }, [screen, session, mayPaste]);
};
