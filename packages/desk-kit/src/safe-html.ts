/** The most characters that are looked at; a report is far smaller. */
const longest = 1_000_000;

/** What may stand in a note. Other tags go, and what is no tag is shown as the text that it is. */
const kept = new Set(
  'p br hr b strong i em u s code pre blockquote ul ol li dl dt dd h1 h2 h3 h4 h5 h6 table thead tbody tr th td span div a'.split(
    ' ',
  ),
);
const empty = new Set(['br', 'hr']);
/** What is between these is for machines; nobody is shown it. */
const unread =
  /<(script|style|template|iframe|object|noscript|title)\b[^>]{0,500}>[\s\S]*?(?:<\/\1\s*>|$)|<!--[\s\S]*?(?:-->|$)/gi;
const pieces =
  /<(\/?)([a-z][a-z0-9]{0,9})((?:\s[^<>]{0,2000})?)\/?>|&(?:[a-z][a-z0-9]{1,30}|#\d{1,7}|#x[0-9a-f]{1,6});|[<>"&]/gi;

/**
 * HTML that does nothing but look like something: tags of a short list without attributes, links to web pages, and text.
 * It is written anew from what was recognised, never cut out of what was given, so that nothing slips through.
 */
export const safeHtml = (html: string): string => {
  const open: string[] = [];
  const body = cut(html)
    .replaceAll(unread, '')
    .replaceAll(pieces, (piece: string, slash?: string, tag = '', rest = '') => {
      if (tag === '') return piece.length > 1 ? piece : (escapes[piece] ?? '');
      const name = tag.toLowerCase();
      if (!kept.has(name)) return '';
      if (empty.has(name)) return slash === '/' ? '' : `<${name}>`;
      if (slash !== '/') {
        open.push(name);
        return name === 'a' ? link(rest) : `<${name}>`;
      }
      const at = open.lastIndexOf(name);
      return at === -1 ? '' : close(open.splice(at));
    });
  return `${body}${close(open)}`;
};

/** The words of HTML, with line breaks where blocks end and the address behind each link. */
export const plainText = (html: string): string => {
  const links: string[] = [];
  return safeHtml(html)
    .replaceAll(/<a href="([^"]*)"[^>]*>|<a>|<\/a>/g, (tag, href?: string) => {
      if (tag === '</a>') return behind(links.pop());
      links.push(href ?? '');
      return '';
    })
    .replaceAll(/<li>/g, '- ')
    .replaceAll(/<(?:\/td|\/th)>/g, '\t')
    .replaceAll(/<hr>/g, '\n----\n')
    .replaceAll(/<(?:br|\/p|\/h[1-6]|\/li|\/tr|\/pre|\/blockquote|\/div|\/dt|\/dd|\/ul|\/ol|\/table)>/g, '\n')
    .replaceAll(/<\/?(?:[a-z][a-z0-9]*)>/g, '')
    .replaceAll(/&(?:([a-z]+)|#(\d+)|#x([0-9a-f]+));/gi, (entity, name?: string, decimal?: string, hex?: string) =>
      name !== undefined
        ? (named[name.toLowerCase()] ?? entity)
        : character(Number.parseInt(decimal ?? hex ?? '', hex === undefined ? 10 : 16)),
    )
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
};

/** Text as HTML shows it. */
export const escapeHtml = (text: string): string => text.replaceAll(/[<>"&]/g, (letter) => escapes[letter] ?? '');

const escapes: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '"': '&quot;', '&': '&amp;' };
const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&', apos: "'", nbsp: ' ' };

const close = (names: readonly string[]): string =>
  names
    .toReversed()
    .map((name) => `</${name}>`)
    .join('');

/** Opens a link to a web page, or one that leads nowhere. */
const link = (attributes: string): string => {
  const [, double, single] = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(attributes) ?? [];
  const url = URL.parse((double ?? single ?? '').replaceAll('&amp;', '&').trim());
  const isPage = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  return isPage ? `<a href="${escapeHtml(url.href)}" rel="noreferrer">` : '<a>';
};

const behind = (href = ''): string => (href === '' ? '' : ` <${href}>`);

const character = (code: number): string =>
  code === 9 || code === 10 || (code >= 32 && code < 0xd800) || (code > 0xdfff && code <= 0x10ffff)
    ? String.fromCodePoint(code)
    : '';

/** Well-formed, without characters that no desk keeps, and cut between two characters where it is too long. */
const cut = (html: string): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go
  const plain = html.toWellFormed().replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, '');
  return plain.length <= longest ? plain : `${plain.slice(0, longest).toWellFormed()}<p>…</p>`;
};
