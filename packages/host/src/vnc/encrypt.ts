import { createHash, type X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { hasCertificate } from './security.ts';
import type { VncOptions, VncSecurity } from './vnc.ts';
import type { VncFaults } from './vnc-faults.ts';

/**
 * The same connection, encrypted, once the endpoint is known to be the right one. Authorities have no say: those who run
 * VNC servers sign their certificates themselves, so it is the key that is known, as with SSH.
 */
export const encrypt = async (
  socket: Duplex,
  security: VncSecurity,
  { host, trust }: VncOptions,
  faults: VncFaults,
): Promise<{ secure: TLSSocket; fingerprint: string | null }> => {
  // Bytes that came before were not encrypted and must not count as if they had been.
  if (socket.readableLength > 0) throw faults.of('garbled', 'something was said before TLS');
  const anonymous = { ciphers: 'aNULL:!eNULL:@SECLEVEL=0', minVersion: 'TLSv1', maxVersion: 'TLSv1.2' } as const;
  const secure = connect({
    ...{ socket, rejectUnauthorized: false, servername: isIP(host) === 0 ? host : '' },
    ...(hasCertificate(security) ? { minVersion: 'TLSv1.2' } : anonymous),
  });
  secure.on('error', () => undefined);
  // Losing the connection below is losing the one above.
  socket.once('close', () => secure.destroy());
  await secured(secure, faults);
  if (!hasCertificate(security)) return { secure, fingerprint: null };
  const certificate = secure.getPeerX509Certificate();
  if (certificate === undefined) throw faults.of('no encryption', 'there is no certificate');
  const fingerprint = fingerprintOf(certificate);
  if (trust.kind === 'pinned' && trust.fingerprint !== fingerprint)
    throw faults.of('another certificate', `${fingerprint} instead of ${trust.fingerprint}`);
  if (trust.kind === 'first-use') await trust.onKey(fingerprint);
  return { secure, fingerprint };
};

const secured = async (secure: TLSSocket, faults: VncFaults): Promise<void> => {
  const done = Promise.withResolvers<void>();
  secure.once('secureConnect', done.resolve);
  secure.once('error', (error: Error & { code?: string }) =>
    done.reject(faults.of('no encryption', `TLS: ${error.code ?? error.message}`)),
  );
  secure.once('close', () => done.reject(faults.of('no encryption', 'TLS: closed')));
  await done.promise;
};

const fingerprintOf = ({ publicKey }: X509Certificate): string => {
  const digest = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' }));
  return `SHA256:${digest.digest('base64').replace(/=+$/, '')}`;
};
