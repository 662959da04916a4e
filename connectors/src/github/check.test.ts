import { checkConnection, parseSettings } from '@gatehouse/connector-kit';
import { createHost } from '@gatehouse/host';
import { deadOrigin, reply, startServer } from '@gatehouse/host/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { newAppKey } from './fake/keys.ts';
import type { GithubOrganisation } from './fake/organization.ts';
import { type FakeGithub, fakeGithub, smallOrganisation } from './fake.ts';
import { github } from './github.ts';

const { privateKey } = newAppKey();
const running: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((fake) => fake.close()));
});

const start = async (more: Partial<GithubOrganisation> = {}): Promise<{ fake: FakeGithub; origin: string }> => {
  const fake = fakeGithub({ ...smallOrganisation(), ...more }, { privateKey });
  const { origin, close } = await fake.start();
  running.push({ close });
  return { fake, origin };
};

const check = (settings: unknown) =>
  checkConnection({
    connector: github,
    settings,
    host: createHost({ signal: new AbortController().signal, attempts: 2 }),
  });

const app = (more: Partial<GithubOrganisation['app']>) => ({ app: { ...smallOrganisation().app, ...more } });

describe('a connection is refused with words that name the field', () => {
  test('wrong PEM', async () => {
    const { fake, origin } = await start();
    const { fault } = await check({ ...fake.settings(origin), privateKey: 'not a key' });
    expect(fault).toMatchObject({ kind: 'misconfigured', advice: expect.stringContaining('private key') });
    expect(fake.requests).toHaveLength(0);
  });

  test('the key of another app', async () => {
    const { fake, origin } = await start();
    const { fault } = await check({ ...fake.settings(origin), privateKey: newAppKey().privateKey });
    expect(fault).toMatchObject({ kind: 'unauthorized', advice: expect.stringMatching(/App ID and Private key/) });
  });

  test('the App ID of no app', async () => {
    const { fake, origin } = await start();
    const { fault } = await check({ ...fake.settings(origin), appId: '999' });
    expect(fault).toMatchObject({ kind: 'misconfigured', advice: expect.stringContaining('App ID 999') });
  });

  test.each([
    ['a web site', reply.html('Bakery'), /web page, not with the interface of GitHub. Check the address/],
    ['a web site that has no such page', reply.text('Not Found', {}), /No GitHub answers at 127|cannot be understood/],
    ['a server that knows nothing of it', reply.status(404, { error: 'no route' }), /No GitHub answers at 127/],
    [
      'a server that sends one elsewhere',
      reply.redirect('https://bakery.example/login'),
      /redirects to https:\/\/bakery/,
    ],
  ])('an address that is %s', async (_, answer, words) => {
    const { fake } = await start();
    const server = await startServer({ '*': answer });
    running.push(server);
    const { fault, health } = await check(fake.settings(server.origin));
    expect(health).toBe('failed');
    expect(['misconfigured', 'unexpected']).toContain(fault?.kind);
    expect(fault?.advice).toMatch(words);
    // The proof of the app's key is good for anyone who has it, so it is shown to one address at most once.
    expect(server.requests).toHaveLength(1);
  });

  test('an address where nobody answers', async () => {
    const { fake } = await start();
    const { fault } = await check(fake.settings(await deadOrigin()));
    expect(fault).toMatchObject({ kind: 'unreachable', advice: expect.stringContaining('refused the connection') });
  });

  test('an installation that is not there', async () => {
    const { fake, origin } = await start();
    const settings = {
      ...fake.settings(origin),
      installationUrl: `${origin}/organizations/acme/settings/installations/1`,
    };
    const { fault } = await check(settings);
    expect(fault).toMatchObject({ kind: 'misconfigured', advice: expect.stringContaining('Installed app URL') });
  });

  test('the installation of another organization', async () => {
    const { fake, origin } = await start();
    const settings = {
      ...fake.settings(origin),
      installationUrl: `${origin}/organizations/other/settings/installations/42001`,
    };
    const { fault } = await check(settings);
    expect(fault).toMatchObject({
      kind: 'misconfigured',
      advice: expect.stringMatching(/belongs to acme, not to other/),
    });
  });

  test('an installation that is suspended', async () => {
    const { fake, origin } = await start(app({ suspendedAt: '2024-05-01T00:00:00Z' }));
    const { fault } = await check(fake.settings(origin));
    expect(fault).toMatchObject({ kind: 'unauthorized', advice: expect.stringContaining('Unsuspend') });
  });

  test.each([
    [{ installationUrl: 'https://github.com/settings/installations/12' }, /installationUrl|Installed app URL|personal/],
    [{ appId: 'gatehouse' }, /App ID/],
    [{ appId: '' }, /App ID/],
  ])('%j', (wrong, words) => {
    const settings = {
      appId: '1',
      privateKey: 'x',
      installationUrl: 'https://github.com/organizations/a/settings/installations/1',
    };
    expect(() => parseSettings(github.config, { ...settings, ...wrong })).toThrow(words);
  });
});

describe('a connection that works says what it cannot see', () => {
  test('nothing, when it sees everything', async () => {
    const { fake, origin } = await start();
    const found = await check(fake.settings(origin));
    expect(found).toMatchObject({ health: 'connected', fault: null, caveats: [] });
    expect(found.streams.filter(({ ok }) => !ok)).toEqual([]);
  });

  test('a missing permission, with the page where it is accepted', async () => {
    const { fake, origin } = await start();
    fake.forbid('organization-webhooks');
    const { caveats, health } = await check(fake.settings(origin));
    expect(health).toBe('warning');
    expect(caveats).toEqual([
      {
        code: 'permission-organization-hooks',
        advice: expect.stringMatching(
          /organization permission Webhooks.+Read|organization permission Webhooks.+installations\/42001/,
        ),
      },
    ]);
  });

  test('a plan without an audit log is a caveat, not a stream that fails', async () => {
    const { fake, origin } = await start({ plan: 'team', saml: null });
    const { caveats, streams } = await check(fake.settings(origin));
    expect(caveats.map(({ code }) => code)).toEqual(['no-audit-log']);
    expect(streams.filter(({ ok }) => !ok)).toEqual([]);
  });

  test('an app that may not know who has a second factor', async () => {
    const { fake, origin } = await start({ tellsSecondFactors: false });
    const { caveats } = await check(fake.settings(origin));
    expect(caveats.map(({ code }) => code)).toEqual(['second-factor-unknown']);
  });

  test('an app that may not know whether there is single sign-on', async () => {
    const { fake, origin } = await start({ saml: 'hidden' });
    const { caveats } = await check(fake.settings(origin));
    expect(caveats.map(({ code }) => code)).toEqual(['single-sign-on-unknown']);
  });

  test('an app on selected repositories', async () => {
    const { fake, origin } = await start(app({ repositorySelection: 'selected' }));
    const { caveats } = await check(fake.settings(origin));
    expect(caveats.map(({ code }) => code)).toEqual(['selected-repositories']);
  });
});

test.each([-10, 10])('a clock that is %i minutes off GitHub’s is tolerated', async (minutes) => {
  const { fake, origin } = await start();
  fake.skewClock(minutes * 60_000);
  expect(await check(fake.settings(origin))).toMatchObject({ health: 'connected', fault: null });
});
