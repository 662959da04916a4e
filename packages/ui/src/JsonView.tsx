import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useMemo } from 'react';
import classes from './JsonView.module.css';

const piece = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;

/** JSON as it is, indented and coloured, with a button that copies it. */
export function JsonView({
  value,
  label = 'JSON',
  maxHeight = 620,
}: {
  value: unknown;
  label?: string;
  maxHeight?: number;
}) {
  const text = useMemo(() => JSON.stringify(value, null, 2) ?? 'null', [value]);
  return (
    <div className={classes.frame}>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : 'Copy'}>
            <ActionIcon className={classes.copy} onClick={copy} aria-label={`Copy ${label}`}>
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section className={classes.scroll} tabIndex={0} aria-label={label} style={{ maxHeight }}>
        <pre className={classes.json}>{coloured(text)}</pre>
      </section>
    </div>
  );
}

/** Colouring a megabyte would freeze the page; beyond 200,000 characters it stays plain. */
const coloured = (text: string) => {
  if (text.length > 200_000) return text;
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(piece)) {
    const [whole, string, colon, word] = match;
    parts.push(text.slice(end, match.index));
    end = match.index + whole.length;
    const kind =
      colon !== undefined ? 'name' : string !== undefined ? 'string' : word !== undefined ? 'word' : 'number';
    parts.push(
      <span key={match.index} className={classes[kind]}>
        {string ?? whole}
      </span>,
      colon ?? '',
    );
  }
  return [...parts, text.slice(end)];
};
