import type { Ticket } from '@gatehouse/desk-kit';
import { isMailAddress } from '@gatehouse/host';
import { putMail } from '@gatehouse/mail';
import type { SessionReport } from '../api/report.ts';
import type { Connection } from '../connections/index.ts';
import type { DeskParts } from '../parts.ts';
import { toTranscript, transcriptHtml, transcriptText } from '../report/index.ts';

/** After so long nobody waits for it any more. */
const goodMs = 7 * 86_400_000;

/**
 * What was said goes to whoever asked for help, once for each session, where an administrator lets customers have it: the
 * chat as it stands in the ticket, without notes and without what representatives said among themselves.
 */
export const sendTranscript = async (
  { database, clock, sealer, mail }: DeskParts,
  { connectionId, transcripts }: Connection,
  report: SessionReport,
  { number, requester }: Ticket,
): Promise<void> => {
  const address = requester?.email ?? '';
  if (!transcripts || !isMailAddress(address)) return;
  const transcript = toTranscript(report, { isForCustomer: true });
  if (transcript.lines.length === 0) return;
  const at = clock.now();
  const key = `transcript:${connectionId}:${report.lsid}`;
  const of = { kind: 'transcript', key, about: number, recipients: [address], isAutomatic: true, at };
  const words = { text: transcriptText(transcript), html: transcriptHtml(transcript) };
  const subject = `What was said in your support session (${number})`.slice(0, 300);
  await database.system((tx) =>
    putMail(tx, { ...of, ...words, subject, until: new Date(at.getTime() + goodMs) }, sealer),
  );
  mail.wake();
};
