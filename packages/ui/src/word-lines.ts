export type Words = { readonly [name: string]: unknown };

export interface Line {
  /** Names from the outermost to the innermost. */
  readonly way: readonly string[];
  readonly value: unknown;
}

const deepest = 3;

/** What something says, line by line: objects are opened, down to a depth beyond which nobody reads them so; nothing is left out but what is empty. */
export const linesOf = (words: Words, way: readonly string[] = []): readonly Line[] =>
  Object.entries(words).flatMap(([name, value]): readonly Line[] => {
    const here = [...way, name];
    if (isNothing(value)) return [];
    return isWords(value) && here.length < deepest ? linesOf(value, here) : [{ way: here, value }];
  });

export const isWords = (value: unknown): value is Words =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);
