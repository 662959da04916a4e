import { at } from '../program/path.ts';

/** As the API of mail answers it, which every program has. */
export interface MailState {
  readonly settings: Readonly<Record<string, unknown>> | null;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly waiting: number;
  readonly failed: number;
  readonly advice: string | null;
}
export interface MailItem {
  readonly mailId: string;
  readonly kind: string;
  readonly about: string;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly state: 'waiting' | 'sent' | 'failed';
  readonly tries: number;
  readonly madeAt: string;
  readonly nextTryAt: string;
  readonly overAt: string | null;
  readonly problem: string;
}

export const mailPaths = {
  mail: at<MailState>('/api/mail'),
  mails: (query: Readonly<Record<string, string>>) => {
    const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
    return at<{ readonly items: readonly MailItem[]; readonly next: string | null }>(
      `/api/mails${search.size === 0 ? '' : `?${search}`}`,
    );
  },
} as const;
