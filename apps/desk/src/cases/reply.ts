import type { Sql } from '@gatehouse/database';
import { plainText } from '@gatehouse/desk-kit';
import { isMailAddress } from '@gatehouse/host';
import { putMail, toSubject } from '@gatehouse/mail';
import type { Sealer } from '@gatehouse/server';
import type { CaseRow } from './model.ts';
import type { CaseNote } from './notes.ts';

/** What nobody could send for so long is no answer any more. */
const goodMs = 7 * 86_400_000;

/**
 * Has an answer sent to the customer, once for each note. Sealed until then, because it may hold a session key.
 * Resolves with the note as it stands then; nothing is sent to whoever has no address.
 */
export const mailReply = async (
  tx: Sql,
  sealer: Sealer,
  { number, subject, requester }: CaseRow,
  note: CaseNote,
): Promise<CaseNote> => {
  const address = requester?.email ?? '';
  if (note.visibility !== 'public' || !isMailAddress(address)) return note;
  const { id, title, html, writtenAt: at } = note;
  const mail = { kind: 'reply', key: `reply:${id}`, about: number, recipients: [address], at };
  await putMail(
    tx,
    {
      ...{ ...mail, subject: toSubject(`[${number}] ${title || subject}`), text: plainText(html), html },
      until: new Date(at.getTime() + goodMs),
    },
    sealer,
  );
  return { ...note, mail: { state: 'waiting', problem: '' } };
};
