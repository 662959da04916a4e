import { Code } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { ReactNode } from 'react';

const token = /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|\*([^*\s][^*]*)\*/g;

/** One paragraph of help: bold, italics, code and links. Anything else stays text, so no answer can bring markup of its own. */
export function MarkdownLite({ text }: { text: string }) {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [whole, bold, code, label, url, italic] = match;
    parts.push(text.slice(end, match.index));
    end = match.index + whole.length;
    const key = String(match.index);
    if (bold !== undefined) parts.push(<strong key={key}>{bold}</strong>);
    else if (code !== undefined) parts.push(<Code key={key}>{code}</Code>);
    else if (italic !== undefined) parts.push(<em key={key}>{italic}</em>);
    else if (label !== undefined && url !== undefined) parts.push(<OutsideLink key={key} url={url} title={label} />);
  }
  parts.push(text.slice(end));
  return <>{parts}</>;
}

/** A link to another site, in a new tab. Only http and https: a `javascript:` address stays text. */
export function OutsideLink({ url, title }: { url: string; title: string }) {
  if (!/^https?:\/\//i.test(url)) return <>{title}</>;
  return (
    <a href={url} target="_blank" rel="noreferrer noopener" title={`${url} (opens in a new tab)`}>
      {title}
      <IconExternalLink size={13} aria-label="(opens in a new tab)" style={{ marginLeft: 3, verticalAlign: '-2px' }} />
    </a>
  );
}
