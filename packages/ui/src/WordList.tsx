import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { count, nameInWords } from './format.ts';
import { RelativeTime } from './RelativeTime.tsx';
import { Tag } from './Tag.tsx';
import classes from './WordList.module.css';
import { isWords, linesOf, type Words } from './word-lines.ts';

interface WordListProps {
  /** What something says about itself, by name; nothing is shown of what it does not say. */
  words: Words;
  /** What values stand for, by name: the bits that are set in a number. */
  decoded?: Readonly<Record<string, readonly string[]>>;
  /** `code`: names are somebody else’s and stay as they are. `words`: names are ours, and are spelled out. */
  names: 'code' | 'words';
}

/** More than so many lines are shown when asked for. */
const firstLines = 40;

/** An object as lines of name and value, what is nested in it named by its way. */
export function WordList({ words, decoded = {}, names }: WordListProps) {
  const [isWhole, setWhole] = useState(false);
  const lines = linesOf(words);
  const shown = isWhole ? lines : lines.slice(0, firstLines);
  return (
    <>
      <dl className={classes.list}>
        {shown.map(({ way, value }) => (
          <div key={way.join('.')} className={classes.line}>
            <dt className={names === 'code' ? classes.code : undefined}>
              {names === 'code' ? way.join('.') : way.map(nameInWords).join(', ')}
            </dt>
            <dd>
              <Value value={value} />
              {(decoded[way.join('.')] ?? []).map((word) => (
                <Tag key={word} tone="quiet">
                  {word}
                </Tag>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      {lines.length > shown.length ? (
        <Button variant="subtle" onClick={() => setWhole(true)}>
          Show {count(lines.length - shown.length, 'more line')}
        </Button>
      ) : null}
    </>
  );
}

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function Value({ value }: { value: unknown }): ReactNode {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'string' && time.test(value)) return <RelativeTime at={value} />;
  if (Array.isArray(value)) {
    return (
      <ul className={classes.values}>
        {value.map((one, place) => (
          <li key={place}>
            <Value value={one} />
          </li>
        ))}
      </ul>
    );
  }
  return isWords(value) ? <code>{JSON.stringify(value)}</code> : String(value);
}
