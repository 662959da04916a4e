import { X509Certificate } from 'node:crypto';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { Fault } from '@gatehouse/kernel';

/** Whom to trust: these authorities alone, or those of this server. Throws a `misconfigured` Fault for what is no PEM. */
export const trustOf = (system: string, authorities: string | undefined): SecureContext => {
  if (authorities === undefined) return createSecureContext({ ca: [...ofThisServer()], minVersion: 'TLSv1.2' });
  const ca = authorities.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (ca.length > 0 && ca.every(isCertificate)) return createSecureContext({ ca, minVersion: 'TLSv1.2' });
  throw new Fault(
    'misconfigured',
    `The certificate authority of ${system} is no certificate in PEM form. Enter the text from BEGIN CERTIFICATE to END CERTIFICATE.`,
  );
};

const isCertificate = (pem: string): boolean => {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
};

/** Those that come with Node, and those that an administrator installed on the machine. */
const ofThisServer = (): ReadonlySet<string> =>
  new Set([...getCACertificates('default'), ...getCACertificates('system')]);
