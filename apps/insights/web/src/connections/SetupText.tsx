import { MarkdownLite } from '@gatehouse/ui';
import { Text } from '@mantine/core';
import classes from './connections.module.css';

interface Item {
  readonly text: string;
  readonly below: readonly string[];
}

/** The help of a step: one line is a sentence, several are numbered; lines of a list or of code alone stand below the one before. */
export function SetupText({ lines }: { lines: readonly string[] }) {
  const items = group(lines);
  const [only] = items;
  if (only === undefined) return null;
  if (items.length === 1)
    return (
      <div className={classes.sentence}>
        <Text maw={640}>
          <MarkdownLite text={only.text} />
        </Text>
        <Below lines={only.below} />
      </div>
    );
  return (
    <ol className={classes.help}>
      {items.map(({ text, below }) => (
        <li key={text}>
          <MarkdownLite text={text} />
          <Below lines={below} />
        </li>
      ))}
    </ol>
  );
}

const group = (lines: readonly string[]): readonly Item[] => {
  const items: { text: string; below: string[] }[] = [];
  for (const line of lines) {
    const part = /^- (.*)$/.exec(line)?.[1] ?? (/^`[^`]+`$/.test(line) ? line : null);
    const last = items.at(-1);
    if (part !== null && last !== undefined) last.below.push(part);
    else items.push({ text: part ?? line, below: [] });
  }
  return items;
};

function Below({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <ul className={classes.below}>
      {lines.map((line) => (
        <li key={line}>
          <MarkdownLite text={line} />
        </li>
      ))}
    </ul>
  );
}
