import { escapeHtml } from '@gatehouse/desk-kit';
import type { SessionReport } from '../api/report.ts';
import { chatOf } from '../details/index.ts';

export interface Transcript {
  readonly title: string;
  readonly lines: readonly { readonly at: string; readonly by: string; readonly text: string }[];
}

/** What was said in a session; to customers nothing that representatives said among themselves. */
export const toTranscript = (report: SessionReport, of: { readonly isForCustomer: boolean }): Transcript => ({
  title: `Support session with ${report.customers[0]?.name || 'a customer'}${report.beganAt === null ? '' : `, ${timeOf(report.beganAt)}`}`,
  lines: chatOf(report)
    .filter(({ isPrivate }) => !of.isForCustomer || !isPrivate)
    .map(({ at, by, body }) => ({ at, by, text: body })),
});

export const transcriptText = ({ title, lines }: Transcript): string =>
  [title, '', ...lines.map(({ at, by, text }) => `[${timeOf(at)}] ${by || 'System'}: ${text}`), ''].join('\n');

/** A page of its own that does nothing: everything that somebody wrote is escaped. */
export const transcriptHtml = ({ title, lines }: Transcript): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title></head>
<body><h1>${escapeHtml(title)}</h1><table>
${lines.map(({ at, by, text }) => `<tr><td>${timeOf(at)}</td><td><b>${escapeHtml(by || 'System')}</b></td><td>${escapeHtml(text).replaceAll('\n', '<br>')}</td></tr>`).join('\n')}
</table></body></html>
`;

const timeOf = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`;
