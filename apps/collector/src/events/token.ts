import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Secret } from '@gatehouse/kernel';

/** A bearer token; a password under any name; an API key, of whose two parts the second counts. */
export const holdsToken = ({ authorization = '' }: IncomingHttpHeaders, token: Secret): boolean => {
  const [scheme = '', value = ''] = authorization.split(/\s+/, 2);
  const given = /^bearer$/i.test(scheme) ? value : /^(?:basic|apikey)$/i.test(scheme) ? afterColon(value) : '';
  return timingSafeEqual(hashOf(given), hashOf(token.reveal()));
};

const afterColon = (base64: string) => /:(.*)$/s.exec(Buffer.from(base64, 'base64').toString('utf8'))?.[1] ?? '';

const hashOf = (text: string) => createHash('sha256').update(text).digest();
