import { stripVTControlCharacters } from 'node:util';
import { readCast } from './cast.ts';

/** One line as it stood on the terminal when it was left, and when that line began. */
export interface ScreenLine {
  readonly atMs: number;
  readonly text: string;
}

/** Longer ones are cut: a program that never ends its line must not fill the memory. */
const mostLetters = 4_096;

/**
 * The lines that a terminal showed, in order. What moved the cursor about is left out, so programs that use the whole
 * screen come as the pieces they wrote; what was typed and taken back is not there.
 */
export async function* readTranscript(parts: AsyncIterable<Buffer>): AsyncGenerator<ScreenLine> {
  let line = '';
  let beganMs = 0;
  let pending = '';
  for await (const { atMs, code, text } of readCast(parts)) {
    if (code !== 'o') continue;
    // A sequence may be cut between two events.
    const whole = pending + text;
    pending = unfinished(whole);
    const shown = stripVTControlCharacters(whole.slice(0, whole.length - pending.length));
    for (const letter of shown) {
      if (line === '') beganMs = atMs;
      if (letter === '\n') {
        if (line !== '') yield { atMs: beganMs, text: line };
        line = '';
      } else if (letter === '\b') line = line.slice(0, -1);
      else if (letter === '\t' || letter >= ' ') line = line.length < mostLetters ? line + letter : line;
    }
  }
  if (line !== '') yield { atMs: beganMs, text: line };
}

const escapeByte = '\u001b';
const longestTitle = 2_000;

/** The beginning of a sequence of control at the end of a text, of which the rest comes later. */
const unfinished = (text: string): string => {
  const at = text.lastIndexOf(escapeByte);
  const tail = at === -1 ? '' : text.slice(at);
  const isOpen =
    tail.length === 1 ||
    (tail.startsWith(`${escapeByte}[`) && /^[0-9;?]*$/.test(tail.slice(2))) ||
    (tail.startsWith(`${escapeByte}]`) && !tail.includes('\u0007') && tail.length < longestTitle);
  return isOpen ? tail : '';
};

/** Where a text is, whatever its case; at most `most` lines. */
export const searchTranscript = async (
  lines: AsyncIterable<ScreenLine>,
  query: string,
  most: number,
): Promise<{ readonly items: { atMs: number; line: string }[]; readonly truncated: boolean }> => {
  const wanted = query.toLowerCase();
  const items: { atMs: number; line: string }[] = [];
  for await (const { atMs, text } of lines) {
    const at = text.toLowerCase().indexOf(wanted);
    if (at === -1) continue;
    if (items.length === most) return { items, truncated: true };
    items.push({ atMs, line: text.slice(Math.max(0, at - 80), at + wanted.length + 120) });
  }
  return { items, truncated: false };
};
