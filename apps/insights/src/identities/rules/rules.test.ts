import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { toAdminBase } from '../matching.ts';
import { isShared, toAddress } from './address.ts';
import { adminAccount } from './admin-account.ts';
import { displayName } from './display-name.ts';
import { employeeNumber } from './employee-number.ts';
import { externalId } from './external-id.ts';
import { hasOneLeft, isUniqueInEachConnection } from './guards.ts';
import { correlationRules } from './index.ts';
import { login } from './login.ts';
import { otherAddress } from './other-address.ts';
import { primaryEmail } from './primary-email.ts';
import { type Candidate, linksFrom, type Matching } from './rule.ts';
import { samlNameId } from './saml-name-id.ts';
import { verifiedAddress } from './verified-address.ts';

const nobody: Candidate = {
  ...{ connection: 'c1', connector: 'okta', id: '00u1', type: 'user', login: null, displayName: null },
  ...{ email: null, emails: [], employeeId: null, externalIds: [] },
};
const okta = (facts: Partial<Candidate>): Candidate => ({ ...nobody, ...facts });
const github = (facts: Partial<Candidate>): Candidate => ({
  ...nobody,
  connector: 'github',
  connection: 'c2',
  id: '7',
  ...facts,
});
const acme: Matching = { ownedDomains: new Set(['acme.example']), stripLeadingZeros: false, adminBase: () => null };
const keys = (rule: (typeof correlationRules)[number], account: Candidate, matching = acme) =>
  rule.keys(account, matching).map(({ side, key }) => `${side}: ${key}`);
/** Whether the two have a key in common on sides that match. */
const matches = (rule: (typeof correlationRules)[number], a: Candidate, b: Candidate, matching = acme) =>
  rule
    .keys(a, matching)
    .some((one) =>
      rule.keys(b, matching).some((other) => one.key === other.key && (one.side !== other.side || one.side === 'both')),
    );

test('rules come strongest first, and only those of 0.85 and more link', () => {
  const confidences = correlationRules.map(({ confidence }) => confidence);
  expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
  expect(correlationRules.filter(({ confidence }) => confidence < linksFrom).map(({ number }) => number)).toEqual([
    '10',
    '11',
    '12',
    'name',
  ]);
});

test('every rule file is among the rules', () => {
  const files = readdirSync(new URL('.', import.meta.url)).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  expect(files.length - ['address.ts', 'guards.ts', 'index.ts', 'rule.ts'].length).toBe(correlationRules.length);
});

test('4: the provider’s id, the SCIM id and the profile’s login of the other system match', () => {
  expect(matches(externalId, okta({}), github({ externalIds: ['okta:00u1'] }))).toBe(true);
  expect(matches(externalId, okta({}), github({ externalIds: ['scim:00u1'] }))).toBe(true);
  expect(matches(externalId, okta({ externalIds: ['github-login:Ada-K'] }), github({ login: 'ada-k' }))).toBe(true);
  expect(matches(externalId, okta({}), github({ externalIds: ['okta:00U1'] }))).toBe(false);
  expect(
    matches(externalId, okta({ externalIds: ['okta:00u1'] }), okta({ id: '00u2', externalIds: ['okta:00u1'] })),
  ).toBe(false);
});

test('4 and 5: an id that two of the provider’s accounts have identifies neither', () => {
  const left = { side: 'left', connection: 1 } as const;
  const right = { side: 'right', connection: 3 } as const;
  expect(externalId.guard?.([left, right])).toBe(true);
  expect(samlNameId.guard?.([left, { ...left, connection: 2 }, right])).toBe(false);
  expect(hasOneLeft([right, right])).toBe(false);
});

test('5: the NameID matches the provider’s login, and e-mail of the other system does not', () => {
  expect(
    matches(samlNameId, okta({ login: 'Ada@Acme.example' }), github({ externalIds: ['saml-nameid:ada@acme.example'] })),
  ).toBe(true);
  expect(matches(samlNameId, okta({ login: 'ada@acme.example' }), github({ email: 'ada@acme.example' }))).toBe(false);
});

test('7: zeros are stripped only where the tenant says so, and placeholders are no number', () => {
  expect(matches(employeeNumber, okta({ employeeId: '0042' }), github({ employeeId: '42' }))).toBe(false);
  expect(
    matches(employeeNumber, okta({ employeeId: '0042' }), github({ employeeId: ' 42 ' }), {
      ...acme,
      stripLeadingZeros: true,
    }),
  ).toBe(true);
  for (const employeeId of ['', ' ', '0000', '-', 'N/A', 'none'])
    expect(keys(employeeNumber, okta({ employeeId })), employeeId).toEqual([]);
  expect(keys(employeeNumber, okta({ employeeId: '42', type: 'service' }))).toEqual([]);
});

test('7, 10 and 12: a value that two accounts of one system share is off', () => {
  for (const rule of [employeeNumber, otherAddress, verifiedAddress]) {
    expect(
      rule.guard?.([
        { side: 'both', connection: 1 },
        { side: 'both', connection: 1 },
      ]),
    ).toBe(false);
    expect(
      rule.guard?.([
        { side: 'both', connection: 1 },
        { side: 'both', connection: 2 },
      ]),
    ).toBe(true);
  }
  expect(isUniqueInEachConnection([])).toBe(true);
});

test('8: only owned domains, no shared boxes, no guests; the plus-tag stays', () => {
  expect(matches(primaryEmail, okta({ email: 'Ada@Acme.example' }), github({ email: 'ada@acme.example' }))).toBe(true);
  expect(matches(primaryEmail, okta({ email: 'ada+x@acme.example' }), github({ email: 'ada@acme.example' }))).toBe(
    false,
  );
  for (const email of [
    'ada@gmail.example',
    'ada@sub.acme.example',
    'info@acme.example',
    'no-reply@acme.example',
    'svc-build@acme.example',
    'admin+x@acme.example',
  ]) {
    expect(keys(primaryEmail, okta({ email })), email).toEqual([]);
  }
  expect(keys(primaryEmail, okta({ email: 'ada@acme.example', type: 'guest' }))).toEqual([]);
});

test('9: a login that is an address matches an e-mail address, once', () => {
  expect(matches(login, okta({ login: 'ada@acme.example' }), github({ email: 'ADA@acme.example' }))).toBe(true);
  expect(keys(login, okta({ login: 'ada@acme.example', email: 'ada@acme.example' }))).toEqual([
    'both: ada@acme.example',
  ]);
  expect(keys(login, okta({ login: 'ada' }))).toEqual([]);
});

test('10: another address matches a primary one, never another other one', () => {
  const one = okta({ emails: ['smtp:ada@acme.example'] });
  expect(matches(otherAddress, one, github({ connector: 'entra', email: 'ada@acme.example' }))).toBe(true);
  expect(matches(otherAddress, one, okta({ id: 'x', emails: ['ada@acme.example'] }))).toBe(false);
});

test('11: only with the tenant’s pattern, and only inside one system', () => {
  const matching = { ...acme, adminBase: toAdminBase('^(adm|t0)[-_.](?<base>.+)$') };
  expect(
    matches(adminAccount, okta({ login: 'adm-ada@acme.example' }), okta({ login: 'ada@acme.example' }), matching),
  ).toBe(true);
  expect(matches(adminAccount, okta({ login: 'adm-ada@acme.example' }), github({ login: 'ada' }), matching)).toBe(
    false,
  );
  expect(matches(adminAccount, okta({ login: 'adm-ada@acme.example' }), okta({ login: 'ada@acme.example' }))).toBe(
    false,
  );
});

test('11: a pattern that would take for ever takes no time, and one that is broken is off', () => {
  const slow = toAdminBase('^(?<base>(a+)+)$');
  const begun = performance.now();
  expect(slow(`${'a'.repeat(199)}!`)).toBeNull();
  expect(performance.now() - begun).toBeLessThan(1_000);
  expect(toAdminBase('^adm-(.+')('adm-ada')).toBeNull();
  expect(toAdminBase('^adm-(.+)$')('adm-ada')).toBeNull();
});

test('12: an address on a verified domain matches, and is a suggestion', () => {
  expect(matches(verifiedAddress, okta({ email: 'ada@acme.example' }), github({ emails: ['ada@acme.example'] }))).toBe(
    true,
  );
  expect(keys(verifiedAddress, github({ emails: ['ada@home.example'] }))).toEqual([]);
  expect(verifiedAddress.confidence).toBeLessThan(linksFrom);
});

test('names: accents and spaces apart, whole names only, never enough to link', () => {
  expect(matches(displayName, okta({ displayName: 'Ána  Süß' }), github({ displayName: 'ana suß' }))).toBe(true);
  expect(keys(displayName, okta({ displayName: 'Ada' }))).toEqual([]);
  expect(displayName.confidence).toBeLessThan(linksFrom);
});

test('an address is read as people and directories write it', () => {
  expect(toAddress(' SMTP:Ada@Acme.Example ')).toBe('ada@acme.example');
  expect(toAddress('ada')).toBeNull();
  expect(toAddress('a@b@c')).toBeNull();
  expect(isShared('ada@acme.example')).toBe(false);
});
