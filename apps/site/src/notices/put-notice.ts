import type { Sql } from '@gatehouse/database';
import { isMailAddress } from '@gatehouse/host';
import { putMail, toSubject } from '@gatehouse/mail';

export interface Notice {
  /** What kind of mail it is, for lists. */
  readonly kind: 'session-notice' | 'approval' | 'outbound-alert';
  readonly about: string;
  /** What is no address is left out; of nobody, there is no mail. */
  readonly recipients: readonly string[];
  readonly subject: string;
  /** Paragraphs; empty ones are left out. */
  readonly words: readonly string[];
  readonly at: Date;
  /** Of no use after so long; left out, it is always. */
  readonly goodMs?: number;
}

/** What somebody wrote, on one line: it must not look like a paragraph of the mail itself. Empty: nothing. */
export const said = (title: string, text: string): string => {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return line === '' ? '' : `${title}: ${line}`;
};

/** For people, to the minute. */
export const timeOf = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** A mail has so many recipients at most. */
const mostRecipients = 50;

/** Mail that nobody wrote, in the transaction of what it tells of. */
export const putNotice = async (tx: Sql, notice: Notice): Promise<void> => {
  const { kind, about, subject, words, at, goodMs } = notice;
  // Whoever is named twice is told once.
  const byName = new Map(notice.recipients.filter(isMailAddress).map((address) => [address.toLowerCase(), address]));
  const recipients = [...byName.values()];
  for (let from = 0; from < recipients.length; from += mostRecipients)
    await putMail(tx, {
      ...{ kind, about, recipients: recipients.slice(from, from + mostRecipients), isAutomatic: true, at },
      ...{ subject: toSubject(subject), text: words.filter((one) => one !== '').join('\n\n') },
      ...(goodMs !== undefined && { until: new Date(at.getTime() + goodMs) }),
    });
};
