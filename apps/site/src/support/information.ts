import { type Change, inSession, note } from './in-session.ts';
import type { Member } from './participants.ts';

const labels = {
  platform: 'Operating system',
  userAgent: 'Browser',
  language: 'Language',
  timeZone: 'Time zone',
  screen: 'Screen',
} as const;

/** What the browser of a customer says about their machine: nobody proves it. */
export const addSystemInformation = async (
  change: Change,
  { lsid, gsnumber }: Member,
  said: Readonly<Record<keyof typeof labels, string>>,
): Promise<void> => {
  const fields = Object.entries(labels).flatMap(([key, name]) => {
    const value = said[key as keyof typeof labels]; // the keys of labels
    return value === '' ? [] : [{ name, value }];
  });
  await inSession(change, lsid, 'change', { systemInformation: fields.length }, (session) =>
    note(change, session, 'system_information', gsnumber, { categories: [{ name: 'Browser', fields, rows: [] }] }),
  );
};
