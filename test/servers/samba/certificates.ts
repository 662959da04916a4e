import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';
import type { AuthorityCertificates } from './seed/certificate-services.ts';

const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/**
 * An authority and a server certificate by it, as `ca.pem`, `server.pem` and `server.key` in the folder. The expired
 * one ended yesterday; all else about it is in order.
 */
export const makeServerCertificate = async (
  folder: string,
  host: string,
  address: string,
  kind: 'valid' | 'expired',
): Promise<void> => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const at = (name: string) => join(folder, name);
  await makeAuthority(folder, 'ca', '/CN=Test Authority');
  const names = `subjectAltName=DNS:${host},IP:${address}`;
  await run('openssl', [
    ...['req', '-new', ...key, '-keyout', at('server.key'), '-out', at('server.csr'), '-subj', `/CN=${host}`],
    ...['-addext', names, '-addext', 'extendedKeyUsage=serverAuth'],
  ]);
  await run('openssl', [
    ...[
      'x509',
      '-req',
      '-in',
      at('server.csr'),
      '-CA',
      at('ca.pem'),
      '-CAkey',
      at('ca.key'),
      '-copy_extensions',
      'copy',
    ],
    ...['-days', kind === 'expired' ? '-1' : '30', '-out', at('server.pem')],
  ]);
  // The controller refuses a key that others could read.
  chmodSync(at('server.key'), 0o600);
};

/** Of the authorities that the directory lists. */
export const makeAuthorityCertificates = async (folder: string): Promise<AuthorityCertificates> => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [root, issuing, legacy] = [
    await makeAuthority(folder, 'root', '/DC=example/DC=corp/CN=Corp Root CA'),
    await makeAuthority(folder, 'issuing', '/DC=example/DC=corp/CN=Corp Issuing CA 1', 'root'),
    await makeAuthority(folder, 'legacy', '/DC=example/DC=corp/CN=Corp Legacy CA'),
  ];
  return { root, issuing, legacy };
};

/** Gives its certificate, DER. Without an issuer it signs itself. */
const makeAuthority = async (folder: string, name: string, subject: string, issuer?: string): Promise<Buffer> => {
  const at = (file: string) => join(folder, file);
  const extensions = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
  const requested = ['-subj', subject, ...(issuer ? extensions : extensions.slice(1)).flatMap((e) => ['-addext', e])];
  if (issuer === undefined)
    await run('openssl', [
      ...['req', '-x509', ...key, '-keyout', at(`${name}.key`), '-out', at(`${name}.pem`), '-days', '3650'],
      ...requested,
    ]);
  else {
    await run('openssl', [
      ...['req', '-new', ...key, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`), ...requested],
    ]);
    await run('openssl', [
      ...['x509', '-req', '-in', at(`${name}.csr`), '-CA', at(`${issuer}.pem`), '-CAkey', at(`${issuer}.key`)],
      ...['-copy_extensions', 'copy', '-days', '1825', '-out', at(`${name}.pem`)],
    ]);
  }
  await run('openssl', ['x509', '-in', at(`${name}.pem`), '-outform', 'DER', '-out', at(`${name}.der`)]);
  return readFileSync(at(`${name}.der`));
};
