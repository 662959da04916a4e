/**
 * A name from outside as a trace may hold it: in quotes, on one line, at most 200 characters. A name with a line break
 * would otherwise write lines of its own into the log.
 */
export const quoted = (name: string): string => {
  const safe = [...JSON.stringify(name.length <= 200 ? name : `${name.slice(0, 200)}…`)].map((letter) =>
    unseen.test(letter) ? `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}` : letter,
  );
  // A backslash is what stands between a domain and a name; doubled it would not be the name that people look for.
  return safe.join('').replaceAll('\\\\', '\\');
};

/** Control characters, those that change the direction of text, and separators of lines. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
