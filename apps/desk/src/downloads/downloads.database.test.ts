import { deadOrigin } from '@gatehouse/host/testing';
import { ok } from '@gatehouse/server/testing';
import { keepThing, tellOfFile, until } from '@gatehouse/site/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SupportedDesk, supportedDesk } from '../testing/support-desk.ts';

let host: SupportedDesk;
let lsid: string;
let number: string;
const video = Buffer.concat([Buffer.from('1a45dfa3', 'hex'), Buffer.alloc(200_000, 'v')]);
const hostile = '<script>alert(1)</script>';

beforeAll(async () => {
  host = await supportedDesk();
  const { site } = host;
  ({ number } = await host.desk.makeCase({ subject: 'Recorded' }));
  const { key } = await host.key(number);
  ({ lsid } = await site.redeem(key));
  await ok(site.anna.post(`/api/support/sessions/${lsid}/join`, {}));
  const program = await site.program({ perm_command: 'full_access' });
  await ok(program.ask('POST', `/api/command/v2/session/${lsid}/chat`, { body: { body: `Hello ${hostile}` } }));
  const file = await keepThing(site, lsid, 'file', [hostile, 'x'.repeat(100_000)]);
  await tellOfFile(site, lsid, file, '../../ä "quoted".html');
  await keepThing(site, lsid, 'screen', [video]);
  await ok(site.anna.post(`/api/support/sessions/${lsid}/end`, {}));
  await until(async () => (await host.notes(number)).length > 0);
});
afterAll(() => host.close());

const of = () => `/api/support-sessions/${host.connectionId}/${lsid}`;
/** As the page gets it: with the cookies of whoever is signed in. */
const open = async (path: string, who = host.technician) => {
  const cookie = [...who.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(new URL(`${of()}${path}`, host.desk.url), { headers: { cookie } });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, text: bytes.toString() };
};
const opened = async () =>
  (
    await sql<{ actor: string; action: string; change: object }>`
      select actor_name as actor, action, change from system_audit where action like 'support-session.open-%'
      order by audit_id`.execute(host.desk.database.owner)
  ).rows;

test('what was said comes as text, as a page that does nothing, and as JSON', async () => {
  const text = await open('/transcript');
  expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(text.text).toContain(`Hello ${hostile}`);
  const html = await open('/transcript?form=html');
  expect(html.text).toContain('Hello &lt;script&gt;');
  expect(html.text).not.toContain('<script');
  expect(html.headers.get('content-disposition')).toMatch(/^attachment/);
  expect(html.headers.get('content-security-policy')).toContain('sandbox');
  const lines = JSON.parse((await open('/transcript?form=json')).text).lines;
  expect(lines).toMatchObject([{ text: `Hello ${hostile}` }]);
  const whole = await open('/export');
  expect(JSON.parse(whole.text)).toMatchObject({ lsid, externalKey: number, customers: [{ name: 'Carol' }] });
});

test('recordings and files come from the site, whole, and as nothing that a browser runs', async () => {
  const recording = await open('/recordings/1?view=true');
  expect([recording.status, recording.headers.get('content-type')]).toEqual([200, 'video/webm']);
  expect(recording.headers.get('content-disposition')).toMatch(/^inline/);
  expect(recording.bytes.equals(video)).toBe(true);
  expect((await open('/recordings/1')).headers.get('content-disposition')).toMatch(/^attachment/);
  const file = await open('/files/1');
  expect(file.headers.get('content-type')).toBe('application/octet-stream');
  expect(file.headers.get('content-disposition')).toBe(
    `attachment; filename=".._.._quoted_.html"; filename*=UTF-8''${encodeURIComponent('.._.._ä "quoted".html')}`,
  );
  expect(file.text).toBe(`${hostile}${'x'.repeat(100_000)}`);
  for (const path of ['/recordings/2', '/files/2', '/recordings/0', '/files/x'])
    expect([404, 400]).toContain((await open(path)).status);
  // One that breaks off at the site is a failure here, or breaks off as well: never a part as if it were all.
  await sql`update support_blob_chunks set content = content || '\\x00' where seq = 1`.execute(
    host.site.database.owner,
  );
  const broken = await open('/files/1').catch(() => null);
  expect(broken?.status ?? 503).toBe(503);
});

test('whoever opens one is noted, nobody else gets any, and no answer holds a link of the site', async () => {
  const before = (await opened()).length;
  const customer = await host.desk.person('customer');
  const paths = ['/transcript', '/export', '/recordings/1', '/files/1'];
  for (const path of paths) {
    expect([path, (await open(path, customer)).status]).toEqual([path, 403]);
    expect([path, (await fetch(new URL(`${of()}${path}`, host.desk.url))).status]).toEqual([path, 401]);
  }
  expect(await opened()).toHaveLength(before);
  await open('/recordings/1');
  const { actor, action, change } = (await opened()).at(-1) ?? {};
  expect(actor).toContain(host.technician.email);
  expect([action, change]).toEqual(['support-session.open-recording', { number: 1, ticket: number }]);
  const detail = await ok(host.technician.get(of()));
  for (const { text } of [detail, await open('/export'), await open('/transcript?form=json')])
    expect(text).not.toMatch(/session_download|h%3D/);
});

test('the customer of a case has what was said, where an administrator lets customers have it, and nobody else has', async () => {
  const [customer, stranger] = [await host.desk.person('customer'), await host.desk.person('customer')];
  await ok(host.desk.operator.ask('PATCH', `/api/cases/${number}`, { body: { requester: customer.deskId } }));
  const path = `/api/cases/${number}/transcripts`;
  const lets = (transcripts: boolean) =>
    ok(host.desk.operator.ask('PATCH', `/api/connections/${host.connectionId}`, { body: { transcripts } }));
  expect((await ok(customer.get(path))).body.items).toEqual([]);
  expect((await customer.get(`${path}/${lsid}`)).status).toBe(404);
  await lets(true);
  expect((await ok(customer.get(path))).body.items).toMatchObject([{ lsid }]);
  expect((await customer.get(`${path}/${lsid}`)).text).toContain(`Hello ${hostile}`);
  expect((await opened()).at(-1)).toMatchObject({ action: 'support-session.open-transcript' });
  for (const one of [path, `${path}/${lsid}`]) expect((await stranger.get(one)).status).toBe(404);
  const { number: other } = await host.desk.makeCase({ requester: customer.deskId });
  expect((await customer.get(`/api/cases/${other}/transcripts/${lsid}`)).status).toBe(404);
  await lets(false);
  expect((await customer.get(`${path}/${lsid}`)).status).toBe(404);
});

test('a site that is away is named, and nothing is noted as opened', async () => {
  const before = (await opened()).length;
  const address = { url: await deadOrigin(), clientSecret: 'anything' };
  await ok(host.desk.operator.ask('PATCH', `/api/sites/${host.siteId}`, { body: address }));
  expect((await open('/transcript')).status).toBe(200);
  const away = await open('/recordings/1');
  expect([away.status, JSON.parse(away.text).detail]).toEqual([
    409,
    expect.stringMatching(/refused the connection|did not answer/),
  ]);
  expect(await opened()).toHaveLength(before + 1);
});
