import { useComputedColorScheme } from '@mantine/core';
import type { SearchAddon } from '@xterm/addon-search';
import type { Terminal as Xterm } from '@xterm/xterm';
import { useEffect, useRef, useState } from 'react';
import { coloursOf, openTerminal } from './open-terminal.ts';
import type { SessionLine } from './session-line.ts';
import classes from './Terminal.module.css';
import { TerminalSearch } from './TerminalSearch.tsx';

/** What a terminal is drawn from, and what is typed goes to. */
export type TerminalLine = Pick<SessionLine, 'type' | 'resize' | 'draw'>;

/** The terminal of a live session: what comes is drawn as fast as it can be, what is typed goes to the endpoint. */
export function Terminal({ line, clipboard, isGuest }: { line: TerminalLine; clipboard: boolean; isGuest: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const mayCopy = useRef(clipboard);
  mayCopy.current = clipboard;
  const scheme = useComputedColorScheme('light');
  const [shown, setShown] = useState<{ readonly terminal: Xterm; readonly search: SearchAddon } | null>(null);
  const [isSearching, setSearching] = useState(false);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const { terminal, fit, search, feed } = openTerminal(element);
    const encoder = new TextEncoder();
    // A guest sees the terminal in the size that its person has.
    const fitLater = () => isGuest || requestAnimationFrame(() => element.isConnected && fit.fit());
    const size = new ResizeObserver(fitLater);
    size.observe(element);
    terminal.attachCustomKeyEventHandler((event) =>
      takeKeys(event, terminal, mayCopy.current, () => setSearching(true)),
    );
    const forbid = (event: Event) => {
      if (mayCopy.current) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // Before the terminal hears of it.
    for (const name of ['copy', 'cut', 'paste']) element.addEventListener(name, forbid, true);
    terminal.onData((text) => line.type(encoder.encode(text)));
    // What is no text, such as a click that a program asked for.
    terminal.onBinary((text) => line.type(Uint8Array.from(text, (letter) => letter.charCodeAt(0))));
    if (!isGuest) terminal.onResize(({ cols, rows }) => line.resize(cols, rows));
    const erase = line.draw({
      begin(columns, rows) {
        feed.clear();
        terminal.reset();
        terminal.resize(columns, rows);
        // Drawn in the size it was left in, then fitted to this window.
        fitLater();
      },
      resize: (columns, rows) => terminal.resize(columns, rows),
      write: feed.write,
    });
    setShown({ terminal, search });
    terminal.focus();
    return () => {
      erase();
      for (const name of ['copy', 'cut', 'paste']) element.removeEventListener(name, forbid, true);
      size.disconnect();
      setShown(null);
      terminal.dispose();
    };
  }, [line, isGuest]);

  useEffect(() => {
    if (shown !== null && box.current !== null) shown.terminal.options.theme = coloursOf(box.current);
  }, [shown, scheme]);

  return (
    <div className={classes.room}>
      {isSearching && shown !== null ? (
        <TerminalSearch
          search={shown.search}
          onClose={() => {
            shown.search.clearDecorations();
            setSearching(false);
            shown.terminal.focus();
          }}
        />
      ) : null}
      <div ref={box} className={classes.terminal} data-terminal data-guest={isGuest ? 'true' : undefined} />
    </div>
  );
}

/** False: the terminal leaves this key to the page. Ctrl+C and Ctrl+V are the endpoint's own, hence Shift. */
const takeKeys = (event: KeyboardEvent, terminal: Xterm, clipboard: boolean, onSearch: () => void): boolean => {
  if (event.type !== 'keydown' || !event.ctrlKey || !event.shiftKey) return true;
  switch (event.code) {
    case 'KeyF':
      event.preventDefault();
      onSearch();
      return false;
    case 'KeyC':
      event.preventDefault();
      if (clipboard && terminal.hasSelection()) void navigator.clipboard.writeText(terminal.getSelection());
      return false;
    case 'KeyV':
      // The browser pastes into the terminal's own field.
      if (!clipboard) event.preventDefault();
      return false;
    case 'KeyL':
      // Tab goes to the endpoint, so there is another way out.
      event.preventDefault();
      document.querySelector<HTMLElement>('[data-session-bar] a')?.focus();
      return false;
    default:
      return true;
  }
};
