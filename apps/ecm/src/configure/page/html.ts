/** Text that may stand in a page as it is. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | null | false | readonly Part[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const toText = (part: Part): string => {
  if (part instanceof Html) return part.text;
  if (typeof part === 'object' && part !== null) return part.map(toText).join('');
  return part === null || part === false ? '' : String(part).replace(/[&<>"']/g, (letter) => escapes[letter] ?? letter);
};

/** Everything that is put in is text, unless it was made by this. */
export const html = (words: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(words.map((word, index) => word + (index < parts.length ? toText(parts[index] ?? null) : '')).join(''));
