import { X509Certificate } from 'node:crypto';
import { isSecretName } from '@gatehouse/host';
import type { FieldError } from '@gatehouse/server';
import { sql } from 'kysely';
import { outboundRecipient } from '../api/outbound-events.ts';
import type { ObjectRow } from '../api/shape.ts';
import { type Kind, updateRow } from '../objects/index.ts';

export const outboundRecipients: Kind = {
  shape: outboundRecipient,
  noun: 'outbound-recipient',
  reads: 'outbound_recipients_shown',
  writes: 'outbound_recipients',
  search: ['name', 'url'],
  // Each may hold a connection at any time.
  atMost: 100,
  check: async (_tx, next) => [...refuseUrl(next), ...refuseCertificate(String(next.ca_certificate))],
  update: async (tx, before, given) => {
    await updateRow(tx, { kind: outboundRecipients }, Number(before.id), given);
    // Whoever mended it waits for no interval.
    await sql`update outbound_recipients set next_try_at = null where id = ${Number(before.id)}`.execute(tx);
  },
};

const refuseUrl = (next: ObjectRow): readonly FieldError[] => {
  const refusal = (message: string) => [{ field: 'url', message }];
  const url = URL.parse(String(next.url));
  if (url === null || !/^https?:$/.test(url.protocol))
    return refusal('Enter an address that starts with https://, such as https://desk.acme.example/events.');
  if (url.protocol === 'http:' && next.allow_http !== true)
    return refusal('Enter an address that starts with https://, or allow sending without TLS.');
  if (url.username !== '' || url.password !== '') return refusal('Leave user and password out of the address.');
  // The address is shown, and noted in the audit.
  if ([...url.searchParams.keys()].some(isSecretName))
    return refusal('Leave secrets out of the address: a token is set beside it, and sealed.');
  return [];
};

const refuseCertificate = (pem: string): readonly FieldError[] => {
  if (pem.trim() === '') return [];
  try {
    new X509Certificate(pem);
    return [];
  } catch {
    const message = 'Enter a certificate in PEM form, from BEGIN CERTIFICATE to END CERTIFICATE.';
    return [{ field: 'ca_certificate', message }];
  }
};
