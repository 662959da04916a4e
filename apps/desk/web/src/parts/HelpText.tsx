import { MarkdownLite } from '@gatehouse/ui';
import classes from './Parts.module.css';

interface Block {
  readonly kind: 'text' | 'numbered' | 'listed' | 'table';
  readonly items: string[];
}

/** A chapter of the guide of an adapter: paragraphs, lists and tables, as its page has them. */
export function HelpText({ lines }: { lines: readonly string[] }) {
  return (
    <div className={classes.help}>
      {blocksOf(lines).map((block, at) => (
        <Shown key={String(at)} block={block} />
      ))}
    </div>
  );
}

function Shown({ block: { kind, items } }: { block: Block }) {
  if (kind === 'table') return <Rows lines={items} />;
  if (kind === 'text')
    return (
      <p>
        <MarkdownLite text={items.join(' ')} />
      </p>
    );
  const shown = items.map((text) => (
    <li key={text}>
      <MarkdownLite text={text} />
    </li>
  ));
  return kind === 'numbered' ? <ol>{shown}</ol> : <ul>{shown}</ul>;
}

function Rows({ lines }: { lines: readonly string[] }) {
  const [head = [], ...rows] = lines
    .filter((line) => !/^\|[-|: ]+\|$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return (
    // It is wider than a telephone, and keyboards must be able to move it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached.
    <div className={classes.scroll} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head.map((cell) => (
              <th key={cell} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr key={cells.join('|')}>
              {cells.map((cell, at) => (
                <td key={`${String(at)} ${cell}`}>
                  <MarkdownLite text={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const starts = [
  ['numbered', /^\d+\. (.*)$/],
  ['listed', /^- (.*)$/],
  ['table', /^(\|.*)$/],
] as const;

/** Lines that begin with a blank go on where the one before ended. */
const blocksOf = (lines: readonly string[]): readonly Block[] => {
  const blocks: Block[] = [];
  let isOpen = false;
  for (const line of lines) {
    const last = blocks.at(-1);
    const start = starts.find(([, pattern]) => pattern.test(line));
    if (line.trim() === '') isOpen = false;
    else if (start !== undefined) {
      const text = start[1].exec(line)?.[1] ?? line;
      if (isOpen && last?.kind === start[0]) last.items.push(text);
      else blocks.push({ kind: start[0], items: [text] });
      isOpen = true;
    } else if (isOpen && last !== undefined && last.kind !== 'table')
      last.items.push(`${last.items.pop() ?? ''} ${line.trim()}`.trim());
    else {
      blocks.push({ kind: 'text', items: [line.trim()] });
      isOpen = true;
    }
  }
  return blocks;
};
