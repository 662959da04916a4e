import { createElement, Fragment, type ReactNode, useMemo } from 'react';
import classes from './SafeHtml.module.css';

/** What may stand in a note; of anything else only its text is shown. */
const kept = new Set(
  'p br hr b strong i em u s code pre blockquote ul ol li dl dt dd table thead tbody tr th td span div'.split(' '),
);
const empty = new Set(['br', 'hr']);
const headings = /^h[1-6]$/;
const unread = new Set(['script', 'style', 'template', 'iframe', 'object', 'noscript', 'title']);
/** No note is nested deeper than this, unless somebody means harm. */
const deepest = 60;

/**
 * HTML that the server keeps, shown as parts of React made anew: nothing of the text itself becomes markup, so that what
 * slipped into the database does nothing here either.
 */
export function SafeHtml({ html }: { html: string }) {
  const content = useMemo(() => {
    // The document is inert: it runs no script and loads nothing.
    const { body } = new DOMParser().parseFromString(html, 'text/html');
    return childrenOf(body, 0);
  }, [html]);
  return <div className={classes.text}>{content}</div>;
}

const childrenOf = (node: Node, depth: number): ReactNode[] =>
  depth > deepest
    ? []
    : [...node.childNodes].map((child, at) => <Fragment key={String(at)}>{shown(child, depth)}</Fragment>);

const shown = (node: Node, depth: number): ReactNode => {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof Element)) return null;
  const name = node.localName;
  if (unread.has(name)) return null;
  if (empty.has(name)) return createElement(name);
  const inside = childrenOf(node, depth + 1);
  if (name === 'a') return link(node.getAttribute('href'), inside);
  // Headings of the page are its own.
  if (headings.test(name)) return <p className={classes.heading}>{inside}</p>;
  return kept.has(name) ? createElement(name, null, ...inside) : inside;
};

const link = (href: string | null, inside: ReactNode[]): ReactNode => {
  const url = URL.parse(href ?? '');
  if (url === null || !/^https?:$/.test(url.protocol)) return inside;
  return (
    <a href={url.href} target="_blank" rel="noreferrer noopener">
      {inside}
    </a>
  );
};
