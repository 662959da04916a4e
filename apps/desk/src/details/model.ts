import type { SessionReport } from '../api/report.ts';

const kinds = { chat: /^chat message$/i, note: /note/i, file: /file (up|down)load/i } as const;

export const isChat = ({ type }: Pick<SessionReport['events'][number], 'type'>) => kinds.chat.test(type);
/** What was said, in order. */
export const chatOf = ({ events }: SessionReport) => events.filter(isChat);
export const notesOf = ({ events }: SessionReport) => events.filter(({ type }) => kinds.note.test(type));
export const filesOf = ({ events }: SessionReport) => events.filter(({ file }) => file !== null);

/** Links of a site open by their addresses alone, so that they stay in this program. */
export const withoutLinks = ({ downloads: _, ...report }: SessionReport): Omit<SessionReport, 'downloads'> => ({
  ...report,
  events: report.events.map((one) => ({ ...one, data: one.data.filter(({ name }) => !isLink(name)) })),
});
const isLink = (name: string): boolean => /(?:^|_)url$/i.test(name);

export const ratingOf = ({ surveys }: SessionReport): string | null =>
  surveys
    .filter(({ by }) => by === 'customer')
    .flatMap(({ answers }) => answers)
    .find(({ name }) => name === 'rating')?.value ?? null;
