import { Group, Kbd, Modal, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

export interface Shortcut {
  /** One key or two keys after one another: "?", "g d". */
  readonly keys: string;
  readonly title: string;
  readonly run: () => void;
}

/** Listens while it is on the page. `?` shows what there is; `/` goes to the search box of the page. */
export function Shortcuts({ shortcuts }: { shortcuts: readonly Shortcut[] }) {
  const [isHelpShown, setHelpShown] = useState(false);
  const first = useRef({ key: '', at: 0 });

  useEffect(() => {
    const own: readonly Shortcut[] = [
      { keys: '?', title: 'Show this help', run: () => setHelpShown(true) },
      { keys: '/', title: 'Search on this page', run: focusSearch },
    ];
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const isSecond = event.timeStamp - first.current.at < 1_200;
      const pressed = isSecond ? `${first.current.key} ${event.key}` : event.key;
      first.current = { key: event.key, at: event.timeStamp };
      const found = [...own, ...shortcuts].find(({ keys }) => keys === pressed || keys === event.key);
      if (found === undefined) return;
      event.preventDefault();
      first.current = { key: '', at: 0 };
      found.run();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [shortcuts]);

  return (
    <Modal opened={isHelpShown} onClose={() => setHelpShown(false)} title="Keyboard">
      <Stack gap={8}>
        {[
          { keys: '/', title: 'Search on this page' },
          { keys: '?', title: 'Show this help' },
          ...shortcuts,
          { keys: '↑ ↓', title: 'Move between the rows of a table' },
          { keys: 'Enter', title: 'Open the row' },
          { keys: 'Space', title: 'Select the row' },
        ].map(({ keys, title }) => (
          <Group key={keys} justify="space-between">
            <Text size="sm">{title}</Text>
            <Group gap={4}>
              {keys.split(' ').map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    /^(input|textarea|select)$/i.test(target.tagName) ||
    target.closest('[role="dialog"]') !== null);

const focusSearch = () => {
  const box = document.querySelector<HTMLInputElement>('[data-search-box]');
  box?.focus();
  box?.select();
};
