import type { Database } from '@gatehouse/database';
import { mailProblemOf, openMailer } from '@gatehouse/host';
import { type Clock, newId, openRounds, toFault } from '@gatehouse/kernel';
import type { Log, Sealer } from '@gatehouse/server';
import {
  claimMail,
  forgetMails,
  type HeldMail,
  type Holder,
  type MailState,
  noteServer,
  openBody,
  settleMail,
} from './outbox.ts';
import { findSettings, MailSettings, senderOf, serverOf } from './settings.ts';

export interface MailRoomParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly sealer: Sealer;
  /** Between two looks for what nobody told of. Default five seconds. */
  readonly everyMs?: number;
  /** How long a copy that is gone keeps a mail. Default twice as long as the longest try. */
  readonly leaseMs?: number;
}

/** Sends what waits, as long as the program runs; several copies share the mail. */
export interface MailRoom {
  readonly parts: MailRoomParts;
  /** Something may be due. */
  wake(): void;
  close(): Promise<void>;
}

/** Until the next try, by how many there were. */
const waitsMs: readonly number[] = [30_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000];
const waitAfter = (tries: number): number => waitsMs[Math.min(tries, waitsMs.length) - 1] ?? 3_600_000;
/** An address whose server puts it off for so long is given up. */
const longestMs = 3 * 86_400_000;
const tryMs = 60_000;

export const openMailRoom = (parts: MailRoomParts): MailRoom => {
  const { database, clock, log, sealer, everyMs = 5_000, leaseMs = 2 * tryMs } = parts;
  const holder: Holder = { id: newId(), leaseMs };
  const closing = new AbortController();
  const { signal } = closing;

  const settle = (mail: HeldMail, state: MailState, problem: string, waitMs = 0) => {
    const at = clock.now();
    const nextTryAt = new Date(at.getTime() + waitMs);
    return database.system((tx) => settleMail(tx, holder, mail.mailId, { state, problem, nextTryAt, at }));
  };
  /** Nothing about this mail failed. */
  const putBack = (mail: HeldMail, problem: string) => {
    const at = clock.now();
    const outcome = { state: 'waiting', problem, isForAll: true, nextTryAt: at, at } as const;
    return database.system((tx) => settleMail(tx, holder, mail.mailId, outcome));
  };

  /** One that cannot be opened costs the others nothing. */
  const bodyOf = (mail: HeldMail) => {
    try {
      return openBody(sealer, mail);
    } catch (error) {
      log.warn({ err: error, mailId: mail.mailId }, 'a mail could not be opened');
      return null;
    }
  };
  const send = async (mail: HeldMail): Promise<void> => {
    const { mailId, recipients, subject, until, tries, firstTriedAt } = mail;
    if (until !== null && until <= clock.now())
      return settle(mail, 'failed', 'What it is about was not valid any more when it could have been sent.');
    const body = bodyOf(mail);
    if (body === null)
      return settle(mail, 'failed', 'What it says cannot be opened any more with the key of this server.');
    try {
      const entered = await database.system((tx) => findSettings(tx, sealer));
      // Taken away between the look and now.
      if (entered === null) return putBack(mail, '');
      const settings = MailSettings.parse(entered);
      const mailer = openMailer({ ...serverOf(settings), bounds: { totalMs: tryMs } }, { signal });
      const to = recipients.map((address) => ({ address }));
      const { text, html, isAutomatic } = body;
      const said = { subject, text, isAutomatic, ...(html !== undefined && { html }) };
      const { refused } = await mailer.send({ id: mailId, from: senderOf(settings), to, ...said });
      await settle(mail, 'sent', refused.length === 0 ? '' : `Not taken for ${refused.join(', ')}.`);
      await database.system((tx) => noteServer(tx, '', () => null));
    } catch (error) {
      // Whoever runs next tries it once its time here is over.
      if (signal.aborted) return;
      const fault = toFault(error);
      const problem = mailProblemOf(error);
      log.info({ err: fault, detail: fault.detail, mailId, tries }, 'a mail was not sent');
      if (problem === 'recipient' || problem === 'message') return settle(mail, 'failed', fault.advice);
      if (problem === 'later' || problem === 'unknown') {
        const isOver = clock.now().getTime() - firstTriedAt.getTime() > longestMs;
        return settle(mail, isOver ? 'failed' : 'waiting', fault.advice, waitAfter(tries));
      }
      // The others would meet the same, and a wrong password said often locks an account.
      await putBack(mail, fault.advice);
      await database.system((tx) =>
        noteServer(tx, fault.advice, (failures) => new Date(clock.now().getTime() + waitAfter(failures))),
      );
    }
  };

  const look = async (): Promise<void> => {
    while (!signal.aborted) {
      const mail = await database.system((tx) => claimMail(tx, holder, clock.now()));
      if (mail === null) return;
      await send(mail);
    }
  };

  const rounds = openRounds({
    ...{ everyMs, look, tidy: () => database.system((tx) => forgetMails(tx, clock.now())) },
    onFault: (error) => log.warn({ err: error }, 'mail was held up'),
  });

  return {
    parts,
    wake: rounds.wake,
    async close() {
      closing.abort();
      await rounds.close();
    },
  };
};
