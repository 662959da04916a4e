import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reply } from '@gatehouse/host/testing';
import { systemClock } from '@gatehouse/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFolders, textIn } from '../testing/configured.ts';
import { type FakeSite, startFakeSite } from '../testing/fake-site.ts';
import { type FakeVault, memoryVault, startFakeVault } from '../testing/fake-vault.ts';
import { createConfigurator, openStored } from './index.ts';
import { type ServedPage, servePage } from './page/serve-page.ts';

const folders = openFolders();
let site: FakeSite;
let vault: FakeVault;
beforeAll(async () => {
  site = await startFakeSite();
  vault = await startFakeVault();
});
afterAll(async () => {
  for (const page of pages) page.close();
  await site.close();
  await vault.server.close();
  folders.remove();
});
const pages: ServedPage[] = [];

/** A browser on the page of the Configurator. */
const open = async (home = folders.make()) => {
  const page = await servePage(await createConfigurator({ home, vaults: [memoryVault], clock: systemClock }));
  pages.push(page);
  const { origin } = new URL(page.url);
  const first = await fetch(page.url, { redirect: 'manual' });
  const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
  const get = async (path: string) => await (await fetch(origin + path, { headers: { cookie } })).text();
  const post = async (path: string, form: Record<string, string>, headers: Record<string, string> = {}) => {
    const body = new URLSearchParams(form);
    const answer = await fetch(origin + path, {
      ...{
        method: 'POST',
        body,
        redirect: 'manual',
        headers: { cookie, origin, 'sec-fetch-site': 'same-origin', ...headers },
      },
    });
    return answer.status === 303 ? await get(answer.headers.get('location') ?? '/') : await answer.text();
  };
  return { home, page, origin, first, cookie, get, post };
};

const account = () => ({
  site: site.url,
  clientId: 'client-1',
  clientSecret: 'client-secret',
  name: 'ecm-1',
  logLevel: 'info',
});
const settings = () => ({ url: vault.origin, password: 'vault-password', domains: 'corp.example=CORP', falls: 'on' });

test('site and account are tested as they stand on the screen, and saved; no secret comes back', async () => {
  const { home, post, get } = await open();
  expect(await post('/account', { ...account(), act: 'test' })).toContain('The site lets this ECM in.');
  expect(await openStored(home)).toBeNull();
  const wrong = await post('/account', { ...account(), clientSecret: 'wrong', act: 'test' });
  expect(wrong).toContain('Check the client id and the client secret.');
  expect(wrong).not.toContain('"wrong"');
  expect(await post('/account', { ...account(), site: 'http://site.example', act: 'save' })).toContain(
    'Site: Enter a name',
  );
  expect(await post('/account', { ...account(), act: 'save' })).toContain('Saved.');
  expect((await openStored(home))?.clientSecret.reveal()).toBe('client-secret');
  expect(await get('/')).not.toContain('client-secret');
  // Left empty it stays; for another site it has to be entered anew.
  expect(await post('/account', { ...account(), clientSecret: '', name: 'other', act: 'save' })).toContain('Saved.');
  expect(await openStored(home)).toMatchObject({ name: 'other' });
  const elsewhere = { ...account(), site: 'https://elsewhere.example', clientSecret: '', act: 'save' };
  expect(await post('/account', elsewhere)).toContain('Client secret: Enter the secret');
});

test('settings are tested whether saved or not, with names only, and the site is never asked', async () => {
  const { home, post, get } = await open();
  const form = await get('/plugin/memory');
  for (const words of [
    'Map domains',
    'type="password"',
    '<textarea',
    'type="checkbox"',
    'aria-describedby="f-url-hint"',
  ])
    expect(form).toContain(words);
  const [asked, wire] = [site.tokens, site.wire.length];
  const question = { '!user': 'NS\\test_user', '!endpoint': 'bomgar-appserver1', act: 'test' };
  const found = await post('/plugin/memory', { ...settings(), ...question });
  expect(found).toContain('Found 1 credential:');
  expect(found).toContain('<li>web1\\root</li>');
  expect(found).toContain('asking for &quot;bomgar-appserver1&quot; as &quot;NS\\test_user&quot;');
  // What was entered stays on the screen, but for the secret, which stays here.
  expect(found).toContain('value="NS\\test_user"');
  expect(found).toContain('corp.example=CORP');
  expect(found).not.toContain('vault-password');
  const again = await post('/plugin/memory', { ...settings(), password: '', ...question, '!user': 'nobody' });
  expect(again).toContain('Found no credentials.');
  expect(again).toContain('<details open');
  expect(await post('/plugin/memory', { ...settings(), password: 'bad', ...question })).toContain(
    'refused the credentials',
  );
  expect(await post('/plugin/memory', { ...settings(), url: 'x', ...question })).toContain(
    'Enter an address that starts with',
  );
  vault.knobs.broken = reply.dead();
  expect(await post('/plugin/memory', { ...settings(), ...question })).toContain('did not answer');
  vault.knobs.broken = null;
  expect([site.tokens, site.wire.length, vault.ever.size]).toEqual([asked, wire, 0]);
  expect(await openStored(home)).toBeNull();
  const written = textIn(home);
  expect(written).toContain('Test settings');
  expect(written).not.toMatch(/vault-password|token-of-vault/);
});

test('settings of a plugin are saved once they are right, and their secrets are sealed', async () => {
  const { home, post, get } = await open();
  expect(await post('/plugin/memory', { ...settings(), act: 'save' })).toContain(
    'Save the site and the API account first.',
  );
  await post('/account', { ...account(), act: 'save' });
  expect(await post('/plugin/memory', { ...settings(), url: 'nonsense', act: 'save' })).toContain(
    'url: Enter an address',
  );
  expect((await openStored(home))?.plugin).toBeNull();
  expect(await post('/plugin/memory', { ...settings(), password: '', act: 'save' })).toContain('Saved.');
  const stored = await openStored(home);
  expect(stored?.plugin).toMatchObject({
    ...{ id: 'memory', secret: ['password'] },
    values: { url: vault.origin, password: 'vault-password', domains: 'corp.example=CORP', falls: true },
  });
  expect(readFileSync(join(home, 'ecm.json'), 'utf8')).not.toMatch(/vault-password|client-secret/);
  expect(await get('/')).toContain('in use');
  expect(await post('/clear', {})).toContain('The token cache is empty.');
});

test('plugins in the folder are found, and each that cannot be used has a plain reason', async () => {
  const { home, get } = await open();
  const folder = join(home, 'plugins');
  mkdirSync(folder);
  const file = (name: string, text: string, mode = 0o600) => {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), mode);
  };
  const zod = JSON.stringify(import.meta.resolve('zod'));
  const good = (id: string) =>
    `import { z } from ${zod}; const none = async () => {}; export default { id: '${id}', name: 'From <a> folder', summary: 's',
     config: z.strictObject({ deep: z.strictObject({ key: z.string().meta({ title: 'Key', writeOnly: true }) }).meta({ title: 'Deep' }) }),
     impersonation: 'acts-as-user', connect: () => null, check: none, async *list() {}, retrieve: none, release: none };`;
  file('good.mjs', good('from-folder'));
  file('twice.mjs', good('memory'));
  file('open.mjs', good('x'), 0o666);
  file('needs.mjs', "import 'not-there'; export default {};");
  file('throws.mjs', "throw new Error('on purpose')");
  file('other.mjs', 'export default { id: "other" };');
  file('none.js', 'export const x = 1;');
  file('readme.txt', 'not looked at');
  const page = await get('/');
  expect(page).toContain('From &lt;a&gt; folder');
  for (const reason of [
    ...['Others may change this file.', 'needs a module that is not there'],
    ...[
      'failed while it was loaded: on purpose',
      'is no vault plugin: name',
      'no default export',
      'a plugin &quot;memory&quot; already',
    ],
  ])
    expect(page).toContain(reason);
  expect(page).not.toContain('readme.txt');
  const form = await get('/plugin/from-folder');
  expect(form).toContain('<legend>Deep</legend>');
  expect(form).toContain('name="deep.key" type="password"');
});

test('the page is for the one browser that opened its address, and for its own forms', async () => {
  const { page, origin, first, cookie, get, post } = await open();
  expect(first.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/);
  expect((await fetch(page.url, { redirect: 'manual' })).status).toBe(403);
  expect((await fetch(origin)).status).toBe(403);
  expect((await fetch(`${origin}/`, { headers: { cookie: 'ecm=guess' } })).status).toBe(403);
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])
    expect(await post('/clear', {}, headers)).toContain('another page');
  expect(await post('/clear', {}, { 'content-type': 'application/json' })).toContain('Only forms');
  expect(await post('/account', { ...account(), name: 'x'.repeat(400_000) })).toContain('too large');
  expect((await fetch(`${origin}/plugin/none`, { headers: { cookie } })).status).toBe(404);
  const text = await get('/');
  const answer = await fetch(origin, { headers: { cookie } });
  expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'none'; style-src 'nonce-/);
  expect(text).not.toContain('<script');
  const other = await post('/account', { ...account(), site: '"><script>alert(1)</script>', act: 'save' });
  expect(other).not.toContain('<script');
});

test('proxies are entered on the page, and one with a password is refused, because nothing there is sealed', async () => {
  const { home, post, get } = await open();
  const words = { act: 'save', siteProxy: 'http://proxy.corp.example:3128/', vaultProxy: 'http://me:pw@proxy:1' };
  expect(await post('/account', { ...account(), ...words })).toContain('Proxy to the vault: Enter an address such as');
  expect(await openStored(home)).toBeNull();
  await post('/account', { ...account(), ...words, vaultProxy: '' });
  expect(await openStored(home)).toMatchObject({
    ...{ site: { proxy: 'http://proxy.corp.example:3128' }, vaultProxy: null },
  });
  expect(await get('/')).toContain('value="http://proxy.corp.example:3128"');
});
