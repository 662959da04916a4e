import { createHmac, randomBytes } from 'node:crypto';
import { Secret } from '@gatehouse/kernel';

/** A secret as Standard Webhooks writes it: `whsec_` and 24 random bytes in base64. */
export const newWebhookSecret = (): Secret => new Secret(`whsec_${randomBytes(24).toString('base64')}`);

interface Signed {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/**
 * The headers of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`. A secret that does not begin with `whsec_`
 * is used as the bytes of its text.
 */
export const sign = (secret: Secret, id: string, at: Date, body: string): Signed => {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const mac = createHmac('sha256', toKey(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
};

const toKey = (secret: Secret): Buffer => {
  const text = secret.reveal();
  return text.startsWith('whsec_') ? Buffer.from(text.slice('whsec_'.length), 'base64') : Buffer.from(text, 'utf8');
};
