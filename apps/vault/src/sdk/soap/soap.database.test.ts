import { testClient } from '@gatehouse/server/testing';
import { XMLParser } from 'fast-xml-parser';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sample, sampleVault } from '../../testing/sample.ts';
import { identityPassword } from '../../testing/test-vault.ts';
import { callSoap, envelopeOf, postEnvelope, soapPath } from '../testing/faces.ts';

const planted = 'planted-root-5d1c';
let vault: Sample;
let token: string;
let operations: readonly string[];

beforeAll(async () => {
  vault = await sampleVault();
  const plain = await vault.identity('plain');
  const root = await vault.account({ system: 'web1', account: 'root', password: planted });
  await vault.delegate(plain, root, { viewPasswords: true, spin: true });
  const { body } = await callSoap(vault.url, '1.1', 'DoLogin2', credentials('plain'));
  token = body.OperationMessage;
  operations = [...(await wsdl('?wsdl')).text.matchAll(/<wsdl:operation name="(\w+)"><wsdl:documentation>/g)].map(
    ([, name = '']) => name,
  );
});
afterAll(() => vault.close());

const credentials = (Username: string, Password = identityPassword) => ({ Username, Password, LoginType: 1 });
const wsdl = (query: string) => testClient(vault.url).get(`/erpmwebservice/AUTHSERVICE.svc${query}`);
const info = { AccountIdentificationInfo: { AccountName: 'root', AccountStore: { TargetName: 'web1' } } };
const checkOut = 'AccountStoreOps_StoredCredential_CheckOut';
/** What a hostile call could change. */
const state = async () => {
  const { rows } = await vault.database.system((tx) =>
    sql`select (select count(*) from checkouts) as a, (select count(*) from credentials) as b,
      (select count(*) from systems) as c, (select count(*) from management_sets) as d`.execute(tx),
  );
  return rows[0];
};

test('the description names exactly the operations that are served, under both of its names', async () => {
  const { text, headers } = await wsdl('?wsdl');
  expect(headers.get('content-type')).toBe('text/xml; charset=utf-8');
  for (const query of ['?WSDL', '?singleWsdl']) expect((await wsdl(query)).text).toBe(text);
  expect(text).toContain(`<soap:address location="${vault.url}${soapPath}"/>`);
  const { body } = await testClient(vault.url).get('/openapi.json');
  const byJson = Object.keys(body.paths).flatMap((path) => /json\/v2\/authservice\.svc\/(\w+)$/.exec(path)?.[1] ?? []);
  expect(operations.map((name) => name.toLowerCase()).toSorted()).toEqual(byJson.toSorted());
  expect(operations.length).toBeGreaterThan(20);
  // Whoever has no token is logged out already.
  for (const name of operations.filter((one) => one !== 'DoLogout'))
    expect((await callSoap(vault.url, '1.1', name, {})).body.ErrorCode, name).toMatch(/^(not_signed_in|invalid)$/);
  expect((await callSoap(vault.url, '1.1', 'AccountStoreOps_Made_Up', {})).body.ErrorCode).toBe('not_found');
  for (const query of ['', '?', '?disco', '?xsd=xsd0']) expect((await wsdl(query)).text).toContain('ErrorCode');
});

test('the description has every type that it names, and names every type that it has', async () => {
  const { text } = await wsdl('?wsdl');
  const named = new Set([...text.matchAll(/ type="q:(\w+)"/g)].map(([, name]) => name));
  const had = new Set([...text.matchAll(/<xs:complexType name="(\w+)"/g)].map(([, name]) => name));
  for (const name of named) expect(had, name).toContain(name);
  for (const name of ['AccountIdentificationInfo', 'AccountStore', 'PasswordChangeSettings', 'Failure'])
    expect(named).toContain(name);
  expect(new XMLParser().parse(text)).toHaveProperty(['wsdl:definitions', 'wsdl:service']);
});

test('every operation refuses who has no token or a made-up one, and looks at nothing else', async () => {
  for (const name of operations.filter((one) => !/^DoLog/.test(one)))
    for (const AuthenticationToken of ['', 'x'.repeat(43)]) {
      const { body } = await callSoap(vault.url, '1.2', name, { AuthenticationToken, AccountIdentificationInfo: '7' });
      expect(body, name).toEqual({
        ...{ OperationSucceeded: false, OperationMessage: expect.any(String), ErrorCode: 'not_signed_in' },
      });
    }
});

test('a fault has the form and the status that its version of SOAP asks for', async () => {
  const asked = { AuthenticationToken: 'nobody' };
  const one = await postEnvelope(vault.url, '1.1', checkOut, envelopeOf('1.1', checkOut, asked));
  expect([one.status, one.headers.get('content-type')]).toEqual([500, 'text/xml; charset=utf-8']);
  expect(one.text).toContain('<faultcode>s:Client</faultcode><faultstring xml:lang="en">The token is not known');
  const two = await postEnvelope(vault.url, '1.2', checkOut, envelopeOf('1.2', checkOut, asked));
  expect([two.status, two.headers.get('content-type')]).toEqual([400, 'application/soap+xml; charset=utf-8']);
  expect(two.text).toContain('<s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text xml:lang="en">The token');
  for (const { headers } of [one, two]) expect(headers.get('cache-control')).toBe('no-store');
});

test('the action may be left out, but not be another than that of the body', async () => {
  const envelope = envelopeOf('1.1', checkOut, { AuthenticationToken: token, ...info });
  const ask = async (soapaction: string) => (await postEnvelope(vault.url, '1.1', null, envelope, { soapaction })).text;
  for (const action of ['', '""', checkOut, `"http://tempuri.org/IAuthService/${checkOut}"`])
    expect(await ask(action), action).toContain(`<a:Password>${planted}</a:Password>`);
  for (const action of ['DoLogin', '"http://tempuri.org/IAuthService/DoLogout"', '"x"'])
    expect(await ask(action), action).toContain('<a:ErrorCode>invalid</a:ErrorCode>');
  const other = await postEnvelope(vault.url, '1.2', 'DoLogout', envelopeOf('1.2', checkOut, {}));
  expect(other.text).toContain('<a:ErrorCode>invalid</a:ErrorCode>');
});

test('nil, an empty element and one that is left out are all nothing, and other prefixes mean the same', async () => {
  const asked = { AuthenticationToken: token, ...info, Comment: null, LeaseID: null, Minutes: null };
  const { body } = await callSoap(vault.url, '1.1', checkOut, asked);
  expect(body).toMatchObject({ Password: planted, OperationSucceeded: true });
  const envelope = `\ufeff<?xml version="1.0" encoding="UTF-8" standalone='yes' ?>
    <SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><!-- <!DOCTYPE x> <?pi?> -->
      <SOAP-ENV:Header><x:Trace xmlns:x="urn:x" SOAP-ENV:mustUnderstand="0">1</x:Trace></SOAP-ENV:Header>
      <SOAP-ENV:Body><ns1:${checkOut} xmlns:ns1="urn:of-another-version">
        <ns1:AuthenticationToken>${token.slice(0, 5)}<![CDATA[${token.slice(5, 9)}]]>&#x${token.charCodeAt(9).toString(16)};${token.slice(10)}</ns1:AuthenticationToken>
        <ns1:AccountIdentificationInfo><AccountStore xmlns="urn:y"><TargetName>web1</TargetName></AccountStore>
          <y:AccountName xmlns:y="urn:y">root</y:AccountName></ns1:AccountIdentificationInfo>
      </ns1:${checkOut}></SOAP-ENV:Body></SOAP-ENV:Envelope>`;
  expect((await postEnvelope(vault.url, '1.1', null, envelope)).text).toContain(planted);
});

test('a password keeps every space and sign of it, in both directions', async () => {
  const Password = '  p\u00e4ss <&]]>"\' \u{1f511} ';
  const admin = await vault.identity('admin');
  await vault.permit(admin, { allAccess: true });
  const AuthenticationToken = (await callSoap(vault.url, '1.1', 'DoLogin', credentials('admin'))).body;
  const named = { SystemName: 'db1', Namespace: '[Linux]', AccountName: 'root' };
  const stored = await callSoap(vault.url, '1.2', 'AccountStoreOps_StoredCredential_Store', {
    ...{ AuthenticationToken, ...named, Password },
  });
  expect(stored.status).toBe(200);
  const AccountIdentificationInfo = { AccountName: 'root', AccountStore: { TargetName: 'db1' } };
  const { body } = await callSoap(vault.url, '1.1', checkOut, { AuthenticationToken, AccountIdentificationInfo });
  expect(body.Password).toBe(Password);
});

test('what stands twice is refused, and a list of systems may be a list', async () => {
  const twice = envelopeOf('1.1', checkOut, { AuthenticationToken: token, ...info }).replace(
    '</a:AccountName>',
    '</a:AccountName><a:AccountName>other</a:AccountName>',
  );
  const refused = await postEnvelope(vault.url, '1.1', null, twice);
  expect(refused.text).toContain('AccountIdentificationInfo.AccountName: must be a text.');
  const made = await callSoap(vault.url, '1.1', 'JobOps_CreatePasswordChangeJob', {
    ...{ AuthenticationToken: token, PasswordChangeSettings: { FullAccountName: 'root' }, SystemList: ['web1'] },
  });
  expect(made.body).toMatchObject({ OperationSucceeded: true, JobID: expect.any(Number) });
});

const envelope = (content: string, before = '', version: '1.1' | '1.2' = '1.1') =>
  `${before}${envelopeOf(version, 'DoLogin', {}).replace('</DoLogin>', `${content}</DoLogin>`)}`;
const utf16 = (text: string) => Uint8Array.from(Buffer.from(`\ufeff${text}`, 'utf16le'));

describe.each(['1.1', '1.2'] as const)('in SOAP %s', (version) => {
  const login = `<Username>plain</Username><Password>${identityPassword}</Password>`;
  const of = (content: string, before = '') => envelope(content, before, version);
  test.each<readonly [string, string | Uint8Array<ArrayBuffer>]>([
    ['a document type', of(login, '<!DOCTYPE x>')],
    ['an entity of its own', of('<Username>&e;</Username>', '<!DOCTYPE x [<!ENTITY e "plain">]>')],
    ['a file', of('<Username>&e;</Username>', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')],
    ['an address', of(login, '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">')],
    ['a billion laughs', of('<Username>&l9;</Username>', laughs())],
    ['a document type behind a comment', of(login, '<!-- x --><!DOCTYPE x>')],
    ['a document type in its declaration', of(login, '<?xml version="1.0" <!-- ?><!DOCTYPE x> --> ?>')],
    ['a processing instruction', of(`<?php x ?>${login}`)],
    ['an entity that nobody knows', of('<Username>&nbsp;</Username>')],
    ['the character 0', of('<Username>&#0;</Username>')],
    ['half a character', of('<Username>&#xD800;</Username>')],
    ['a character beyond all', of('<Username>&#x110000;</Username>')],
    ['a control character', of('<Username>\u0001</Username>')],
    ['elements nested 20,000 deep', of('<a>'.repeat(8_000) + '</a>'.repeat(8_000)).slice(0, 60_000)],
    ['elements nested 40 deep', of('<a>'.repeat(40) + '</a>'.repeat(40))],
    ['comments that do not end', of('<!--'.repeat(15_000))],
    ['an element that does not end', of('<Username>')],
    ['elements that cross', of('<a><b></a></b>')],
    ['an element that ends twice', of(`${login}</DoLogin></DoLogin>`)],
    ['a prefix that nobody declared', of('<q:Username>plain</q:Username>')],
    ['an attribute that stands twice', of('<Username a="1" a="2">plain</Username>')],
    ['two roots', of(login) + of(login)],
    ['two elements in its body', of(login).replace('</s:Body>', '<x/></s:Body>')],
    ['two bodies', of(login).replace('</s:Body>', '</s:Body><s:Body><x/></s:Body>')],
    ['no body', '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>'],
    ['another root', '<DoLogin xmlns="http://tempuri.org/"/>'],
    ['nothing', ''],
    ['text', 'hello'],
    ['JSON', JSON.stringify(credentials('plain'))],
    [
      'the prototype of everything',
      of('<__proto__><Username>plain</Username></__proto__><constructor>1</constructor>'),
    ],
    ['UTF-16', utf16(of(login))],
    ['UTF-16 by its declaration', of(login, '<?xml version="1.0" encoding="utf-16"?>')],
    ['bytes that are no UTF-8', Uint8Array.of(...Buffer.from(of('<Username>')), 0xff, 0xfe)],
    ['2 MB', of(`<Username>${'x'.repeat(2_000_000)}</Username>`)],
    ['5,000 attributes', of(`<Username ${Array.from({ length: 5_000 }, (_, at) => `a${at}="1"`).join(' ')}/>`)],
  ])('%s gets a fault soon, and changes nothing', async (_, body) => {
    const before = await state();
    const begun = performance.now();
    const { status, text } = await postEnvelope(vault.url, version, null, body);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect([400, 500]).toContain(status);
    expect(text).toContain('<s:Fault>');
    expect(text).not.toMatch(/root:x:|DoLoginResult/);
    expect(await state()).toEqual(before);
    expect((await vault.stranger.get('/healthz')).status).toBe(200);
  });
});

test('a document that is small and takes long to read is not read, and 500 systems are not many', async () => {
  const prefixes = Array.from({ length: 2_000 }, (_, at) => `xmlns:p${at}="u"`).join(' ');
  for (const content of ['<b/>'.repeat(15_000), '<!---->'.repeat(9_000), `<b ${prefixes}/>`])
    expect((await postEnvelope(vault.url, '1.1', null, envelope(content))).text).toContain('too many');
  const SystemList = Array.from({ length: 500 }, (_, at) => `system-${at}`);
  const { body } = await callSoap(vault.url, '1.1', 'JobOps_CreatePasswordChangeJob', {
    ...{ AuthenticationToken: token, PasswordChangeSettings: { FullAccountName: 'root' }, SystemList },
  });
  expect(body).toMatchObject({ ErrorCode: 'not_found', OperationMessage: expect.stringContaining('system-0') });
});

function laughs(): string {
  const more = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`);
  return `<!DOCTYPE x [<!ENTITY l0 "ha">${more.join('')}]>`;
}

test('another version than that of the Content-Type and headers that must be understood are told by codes of their own', async () => {
  const mismatch = await postEnvelope(vault.url, '1.1', null, envelopeOf('1.2', checkOut, {}));
  expect(mismatch.text).toContain('<faultcode>s:VersionMismatch</faultcode>');
  const header = '<s:Header><x:To xmlns:x="urn:x" s:mustUnderstand="true">y</x:To></s:Header>';
  const body = envelopeOf('1.2', checkOut, { AuthenticationToken: token, ...info });
  const must = await postEnvelope(vault.url, '1.2', null, body.replace('<s:Body>', `${header}<s:Body>`));
  expect(must.text).toContain('<s:Value>s:MustUnderstand</s:Value>');
  expect(must.text).not.toContain(planted);
  for (const type of ['application/json', 'text/plain', 'multipart/related; type="application/xop+xml"', 'x']) {
    const other = await postEnvelope(vault.url, '1.1', null, body, { 'content-type': type });
    expect([other.status, other.text], type).toEqual([415, expect.stringContaining('<s:Fault>')]);
  }
  const charset = await postEnvelope(vault.url, '1.1', null, body, { 'content-type': 'text/xml; charset=utf-16' });
  expect(charset.text).toContain('UTF-8');
});

test('a token or a password in the address is refused', async () => {
  for (const query of [`AuthenticationToken=${token}`, 'Password=x']) {
    const answer = await fetch(`${vault.url}${soapPath}?${query}`, {
      ...{ method: 'POST', headers: { 'content-type': 'text/xml' } },
      body: envelopeOf('1.1', checkOut, { AuthenticationToken: token, ...info }),
    });
    expect(await answer.text()).toContain('must not stand in the address');
  }
});

test('failed log-ins slow their name down, and an address may not try many names, whatever the action says', async () => {
  const guess = (at: number) => envelopeOf('1.1', 'DoLogin2', credentials('guessed', `guess-${at}`));
  let slowed = await postEnvelope(vault.url, '1.1', null, guess(0));
  // The first waits are short, and a busy machine may sleep through one.
  for (let at = 1; at < 12 && !slowed.text.includes('slow_down'); at++)
    slowed = await postEnvelope(vault.url, '1.1', null, guess(at));
  expect(slowed.text).toContain('<a:ErrorCode>slow_down</a:ErrorCode>');
  await sql`update failed_logins set blocked_until = now() + interval '1 hour'`.execute(vault.database.owner);
  expect(slowed.text).toContain('<faultcode>s:Server</faultcode>');
  expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0);
  // The same name as on the other faces.
  const json = await testClient(vault.url).post(
    '/ERPMWebService/json/V2/AuthService.svc/DoLogin2',
    credentials('guessed'),
    { headers: { origin: undefined } },
  );
  expect(json.status).toBe(429);
  let answer = slowed;
  for (let at = 0; at < 120; at++) answer = await postEnvelope(vault.url, '1.1', null, guess(at));
  expect(answer.text).toContain('Too many requests');
  // What is no log-in goes on.
  expect((await callSoap(vault.url, '1.1', checkOut, { AuthenticationToken: token, ...info })).status).toBe(200);
});

test('no password and no token stands in the log of the whole file, at its most talkative', () => {
  const log = vault.log.join('\n');
  expect(log.length).toBeGreaterThan(10_000);
  for (const secret of [planted, token, identityPassword, 'guess-1']) expect(log.includes(secret), secret).toBe(false);
});
