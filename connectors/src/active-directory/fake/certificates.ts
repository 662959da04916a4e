import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { boolean, element, integer, objectId, octets, sequence, setOf } from './ber.ts';

/** A certificate authority made for one test: ECDSA on P-256, X.509 version 3 (RFC 5280). */
export interface Authority {
  /** Its own certificate, PEM. */
  readonly certificate: string;
  issue(wanted: Wanted): Issued;
}

export interface Wanted {
  /** Names and addresses that the certificate is for. */
  readonly names: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

export interface Issued {
  readonly certificate: string;
  readonly privateKey: string;
}

const day = 86_400_000;
const yesterday = () => new Date(Date.now() - day);
/** A sample organisation keeps its certificates for as long as anybody looks at it. */
const inTenYears = () => new Date(Date.now() + 3_650 * day);

export const createAuthority = (name = 'Authority of a test'): Authority => {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = certify({
    ...{ subject: name, issuer: name, publicKey: own.publicKey, signer: own.privateKey },
    ...{ notBefore: yesterday(), notAfter: inTenYears() },
    extensions: [extension(basicConstraints, true, sequence(boolean(true))), extension(keyUsage, true, bits(1, 0x06))],
  });
  return {
    certificate,
    issue({ names, notBefore = yesterday(), notAfter = inTenYears() }) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return {
        privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        certificate: certify({
          ...{ subject: names[0] ?? 'nobody', issuer: name, publicKey, signer: own.privateKey, notBefore, notAfter },
          extensions: [
            extension(basicConstraints, true, sequence()),
            extension(keyUsage, true, bits(7, 0x80)),
            extension(extendedKeyUsage, false, sequence(objectId(serverAuthentication))),
            extension(subjectAlternativeName, false, sequence(...names.map(alternativeName))),
          ],
        }),
      };
    },
  };
};

const certify = (of: {
  subject: string;
  issuer: string;
  publicKey: KeyObject;
  signer: KeyObject;
  notBefore: Date;
  notAfter: Date;
  extensions: readonly Buffer[];
}): string => {
  const algorithm = sequence(objectId('1.2.840.10045.4.3.2'));
  const serial = randomBytes(16);
  serial[0] = 1 + ((serial[0] ?? 0) & 0x3f);
  const keys = [
    extension('2.5.29.14', false, octets(keyId(of.publicKey))),
    extension('2.5.29.35', false, sequence(octets(keyId(createPublicKey(of.signer)), 0x80))),
  ];
  const body = sequence(
    element(0xa0, integer(2)),
    element(0x02, serial),
    algorithm,
    distinguishedName(of.issuer),
    sequence(time(of.notBefore), time(of.notAfter)),
    distinguishedName(of.subject),
    of.publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(...of.extensions, ...keys)),
  );
  const signature = sign('sha256', body, of.signer);
  const der = sequence(body, algorithm, element(0x03, Buffer.from([0]), signature));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
};

const basicConstraints = '2.5.29.19';
const keyUsage = '2.5.29.15';
const extendedKeyUsage = '2.5.29.37';
const serverAuthentication = '1.3.6.1.5.5.7.3.1';
const subjectAlternativeName = '2.5.29.17';

const extension = (oid: string, isCritical: boolean, value: Buffer): Buffer =>
  sequence(objectId(oid), ...(isCritical ? [boolean(true)] : []), octets(value));

const bits = (unused: number, byte: number): Buffer => element(0x03, Buffer.from([unused, byte]));

const alternativeName = (name: string): Buffer =>
  isIPv4(name) ? octets(Buffer.from(name.split('.').map(Number)), 0x87) : octets(name, 0x82);

const distinguishedName = (name: string): Buffer => sequence(setOf(sequence(objectId('2.5.4.3'), octets(name, 0x0c))));

const keyId = (key: KeyObject): Buffer =>
  createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();

/** UTCTime before 2050, GeneralizedTime after it (RFC 5280 4.1.2.5). */
const time = (at: Date): Buffer => {
  const digits = at.toISOString().replace(/[-:T]|\.\d+/g, '');
  return at.getUTCFullYear() < 2050 ? octets(digits.slice(2), 0x17) : octets(digits, 0x18);
};
