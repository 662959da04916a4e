import type { Options } from '../../api/site.ts';
import { timeOf } from '../../notices/index.ts';
import type { SessionKey } from './make-key.ts';

export interface Invitation {
  readonly url: string;
  readonly subject: string;
  readonly body: string;
}

/** What the customer is sent, from the templates of the options. */
export const writeInvitation = (options: Options, baseUrl: string, key: SessionKey, hostname?: string): Invitation => {
  const address = new URL(`${baseUrl}/`);
  if (hostname !== undefined) address.hostname = hostname;
  address.searchParams.set('ak', key.link.reveal());
  const values: Readonly<Record<string, string>> = {
    url: address.href,
    key: key.short.reveal(),
    expires: timeOf(key.expiresAt),
  };
  // In one pass, so that nothing that was filled in is filled in again.
  const fill = (template: string) => template.replaceAll(/\{(url|key|expires)\}/g, (_, name) => values[name] ?? '');
  return {
    url: address.href,
    subject: fill(options.sessionKeyMailSubject),
    body: fill(options.sessionKeyMailBody),
  };
};
