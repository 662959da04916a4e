import type { Secret } from '@gatehouse/kernel';
import type { HeardRequest } from './desk.ts';

/** How far the clocks of a desk and of this machine may be apart, and how long a request can be sent again by a listener. */
const toleranceMs = 300_000;

/** Whether whoever sent this knows the secret, in the way of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`. */
export const isProven = async (secret: Secret, { headers, body }: HeardRequest, now: Date): Promise<boolean> => {
  const { 'webhook-id': id = '', 'webhook-timestamp': timestamp = '', 'webhook-signature': said = '' } = headers;
  const isRecent = /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) * 1_000 - now.getTime()) <= toleranceMs;
  if (!isRecent || id === '' || id.length > 200 || body.length > 65_536) return false;
  const text = new TextEncoder();
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', text.encode(secret.reveal()), hmac, false, ['verify']);
  for (const one of said.split(' ').slice(0, 5)) {
    const signature = bytesOf(one);
    if (
      signature !== null &&
      (await crypto.subtle.verify('HMAC', key, signature, text.encode(`${id}.${timestamp}.${body}`)))
    )
      return true;
  }
  return false;
};

const bytesOf = (signature: string): Uint8Array<ArrayBuffer> | null => {
  const [, base64] = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(signature) ?? [];
  return base64 === undefined ? null : Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
};
