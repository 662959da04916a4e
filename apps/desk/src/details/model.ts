import type { SessionReport } from '../api/report.ts';

const kinds = { chat: /^chat message$/i, note: /note/i, file: /file (up|down)load/i } as const;

/** What was said, in order. */
export const chatOf = ({ events }: SessionReport) => events.filter(({ type }) => kinds.chat.test(type));
export const notesOf = ({ events }: SessionReport) => events.filter(({ type }) => kinds.note.test(type));
export const filesOf = ({ events }: SessionReport) => events.filter(({ file }) => file !== null);

export const ratingOf = ({ surveys }: SessionReport): string | null =>
  surveys
    .filter(({ by }) => by === 'customer')
    .flatMap(({ answers }) => answers)
    .find(({ name }) => name === 'rating')?.value ?? null;
