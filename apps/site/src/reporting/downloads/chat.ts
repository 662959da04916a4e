import type { Database } from '@gatehouse/database';
import { listEvents, listParticipants, type SupportEvent } from '../../support/index.ts';

/** One who spoke, when, and their words. */
interface Said {
  readonly at: string;
  readonly name: string;
  readonly words: string;
}

const pageSize = 500;

async function* said(database: Database, lsid: string): AsyncGenerator<readonly Said[]> {
  const participants = await database.read((tx) => listParticipants(tx, lsid));
  const names = new Map(participants.map(({ gsnumber, name }) => [gsnumber, name]));
  for (let after = 0; ; ) {
    const from = after;
    const events = await database.read((tx) => listEvents(tx, lsid, { after: from, limit: pageSize }));
    yield events.flatMap((event) => {
      const words = wordsOf(event);
      if (words === null) return [];
      const name = event.performedBy === null ? String(event.body.by ?? 'System') : names.get(event.performedBy);
      return [{ at: event.at.toISOString().slice(0, 19).replace('T', ' '), name: name ?? '', words }];
    });
    after = events.at(-1)?.seq ?? after;
    if (events.length < pageSize) return;
  }
}

const wordsOf = ({ type, body }: SupportEvent): string | null =>
  type === 'chat_message' && typeof body.text === 'string' ? body.text : null;

/** Lines of a message begin with space, so that nobody can write a line of somebody else. */
export async function* chatText(database: Database, lsid: string): AsyncGenerator<string> {
  yield `Chat of session ${lsid}. Times are in UTC.\n\n`;
  for await (const page of said(database, lsid))
    yield page
      .map(({ at, name, words }) => `${at}  ${inLine(name)}:\n${readable(words).replaceAll(/^/gm, '    ')}\n`)
      .join('');
}

/** A page without a script or a style: the policy of its headers allows neither. */
export async function* chatHtml(database: Database, lsid: string): AsyncGenerator<string> {
  const title = `Chat of session ${escaped(lsid)}`;
  yield `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><meta name="viewport" content="width=device-width"><title>${title}</title></head>\n<body><main><h1>${title}</h1><p>Times are in UTC.</p><dl>\n`;
  for await (const page of said(database, lsid))
    yield page
      .map(({ at, name, words }) => {
        const lines = escaped(readable(words)).replaceAll('\n', '<br>');
        return `<dt><time datetime="${at.replace(' ', 'T')}Z">${at}</time> ${escaped(inLine(name))}</dt><dd>${lines}</dd>\n`;
      })
      .join('');
  yield '</dl></main></body></html>\n';
}

/** Without what a terminal or an editor would obey. */
const readable = (text: string): string =>
  text
    .replaceAll(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd')
    .toWellFormed();
const inLine = (text: string): string => readable(text).replaceAll(/[\n\t\u2028\u2029]+/g, ' ');

const entities: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? letter);
