import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { createAuthority } from './certificates.ts';

test('a certificate is signed by its authority, fits its key, and holds its names and times', () => {
  const authority = createAuthority('Maester');
  const notBefore = new Date('2026-01-02T03:04:05Z');
  const notAfter = new Date('2051-06-07T08:09:10Z');
  const { certificate, privateKey } = authority.issue({ names: ['dc1.example', '10.1.2.3'], notBefore, notAfter });
  const [ca, own] = [new X509Certificate(authority.certificate), new X509Certificate(certificate)];
  expect([ca.ca, own.ca]).toEqual([true, false]);
  expect(ca.verify(ca.publicKey)).toBe(true);
  expect(own.verify(ca.publicKey)).toBe(true);
  expect(own.checkIssued(ca)).toBe(true);
  expect(own.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
  expect(own.subjectAltName).toBe('DNS:dc1.example, IP Address:10.1.2.3');
  expect([own.checkHost('dc1.example'), own.checkHost('dc2.example')]).toEqual(['dc1.example', undefined]);
  expect(own.checkIP('10.1.2.3')).toBe('10.1.2.3');
  expect([new Date(own.validFrom), new Date(own.validTo)]).toEqual([notBefore, notAfter]);
  expect(own.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
});

test('two authorities of one name do not vouch for each other', () => {
  const { certificate } = createAuthority().issue({ names: ['dc1.example'] });
  expect(new X509Certificate(certificate).verify(new X509Certificate(createAuthority().certificate).publicKey)).toBe(
    false,
  );
});
