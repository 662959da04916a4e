import { createHash, type X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import { reader } from '../ldap/ber.ts';
import type { RdpOptions } from './rdp.ts';
import type { RdpFaults } from './rdp-faults.ts';

export interface Secured {
  readonly stream: TLSSocket;
  readonly certificates: readonly Buffer[];
  readonly fingerprint: string;
  /** What stands in the BIT STRING of its public key. */
  readonly publicKey: Buffer;
}

/** TLS on a connection, and whether the host is the right one. Throws a Fault, the signal's reason, or the error of the socket. */
export const secure = async (
  socket: Duplex,
  options: Pick<RdpOptions, 'host' | 'trust' | 'authorities'>,
  around: { faults: RdpFaults; signal: AbortSignal },
): Promise<Secured> => {
  const { host, trust, authorities } = options;
  const { faults, signal } = around;
  const stream = connect({
    ...{ socket, minVersion: 'TLSv1.2' },
    // Judged below, because a pinned key may well be in a certificate that vouches for itself.
    rejectUnauthorized: false,
    ...(isIP(host) === 0 && { servername: host }),
    ...(authorities !== undefined && { ca: [...authorities] }),
  });
  await secured(stream, signal).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw code.startsWith('ERR_SSL') ? faults.of('no rdp', code) : error;
  });
  const certificate = stream.getPeerX509Certificate();
  if (certificate === undefined) throw faults.of('no rdp', 'TLS without a certificate');
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  const fingerprint = `SHA256:${createHash('sha256').update(spki).digest('base64').replace(/=+$/, '')}`;
  if (trust.kind === 'first-use') await unless(signal, trust.onKey(fingerprint));
  else if (trust.kind === 'pinned' && trust.fingerprint.replace(/=+$/, '') !== fingerprint) {
    const isVouchedFor = stream.authorized && checkServerIdentity(host, certificate.toLegacyObject()) === undefined;
    if (!isVouchedFor) throw faults.of('certificate', `${fingerprint} instead of ${trust.fingerprint}`);
  }
  return { stream, certificates: chainOf(certificate), fingerprint, publicKey: bitString(spki) };
};

const secured = (stream: TLSSocket, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const settle = (error?: unknown) => {
      stream.off('secureConnect', settle);
      stream.off('error', settle);
      stream.off('close', closed);
      signal.removeEventListener('abort', stop);
      if (error === undefined) resolve();
      else reject(error);
    };
    const closed = () => settle(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    const stop = () => settle(signal.reason);
    stream.once('secureConnect', settle);
    stream.once('error', settle);
    stream.once('close', closed);
    signal.addEventListener('abort', stop, { once: true });
  });

/** The caller may look the key up somewhere; nobody waits for that longer than for anything else. */
const unless = (signal: AbortSignal, work: Promise<void>): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });

/** What the host sent, its own first. At most ten: one that vouches for itself is its own issuer. */
const chainOf = (certificate: X509Certificate): readonly Buffer[] => {
  const chain: Buffer[] = [];
  for (let at: X509Certificate | undefined = certificate; at !== undefined && chain.length < 10; ) {
    if (chain.some((known) => at?.raw.equals(known))) break;
    chain.push(at.raw);
    at = at.issuerCertificate;
  }
  return chain;
};

const bitString = (spki: Buffer): Buffer => {
  const whole = reader(spki, 0, spki.length).next(0x30);
  const parts = reader(spki, whole.start, whole.end);
  parts.next(0x30);
  // Its first byte counts the bits that the last one has too many, which are none.
  return parts.bytes(0x03).subarray(1);
};
