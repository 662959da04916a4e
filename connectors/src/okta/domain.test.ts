import { expect, test } from 'vitest';
import { cleanDomain } from './domain.ts';

test.each([
  ['acme.okta.com', 'https://acme.okta.com'],
  ['  ACME.okta.com  ', 'https://acme.okta.com'],
  ['id.acme.example', 'https://id.acme.example'],
  ['my-admin.example.com', 'https://my-admin.example.com'],
  ['acme.okta.com:8443', 'https://acme.okta.com:8443'],
  ['http://127.0.0.1:4100', 'http://127.0.0.1:4100'],
  ['http://localhost:4100/', 'http://localhost:4100'],
])('%s is taken as it is', (typed, origin) => {
  expect(cleanDomain(typed)).toEqual({ origin, note: null });
});

test.each([
  ['https://acme.okta.com', 'https://acme.okta.com', 'without the scheme'],
  ['http://acme.okta.com/', 'https://acme.okta.com', 'without the scheme'],
  ['acme-admin.okta.com', 'https://acme.okta.com', '“-admin”'],
  ['https://acme-admin.oktapreview.com/admin/dashboard', 'https://acme.oktapreview.com', '“-admin”'],
  ['acme.okta.com/app/UserHome?x=1#y', 'https://acme.okta.com', 'without the path'],
  ['ada@acme.okta.com', 'https://acme.okta.com', 'without the name'],
])('%s is mended, and the note says how', (typed, origin, part) => {
  const domain = cleanDomain(typed);
  expect(domain?.origin).toBe(origin);
  expect(domain?.note).toContain(part);
});

test.each(['', 'acme', 'not a domain', 'ftp://acme.okta.com', 'https://', 'javascript:alert(1)'])(
  '%j is no domain',
  (typed) => {
    expect(cleanDomain(typed)).toBeNull();
  },
);
