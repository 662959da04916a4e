import { readSettings as readGiven } from '@gatehouse/server';
import { expect, test } from 'vitest';
import { Settings } from './settings.ts';

const readSettings = (argv: readonly string[], environment: Record<string, string>) =>
  readGiven(Settings, argv, environment);

const least = { GATEHOUSE_HOME: '/tmp/gatehouse', GATEHOUSE_DATABASE_URL: 'postgres://a:b@c/d' };

test('a setting has a flag and a variable, and the flag wins', () => {
  const settings = readSettings(['--port', '9000'], { ...least, GATEHOUSE_PORT: '8000', GATEHOUSE_ROLE: 'worker' });
  expect(settings).toMatchObject({ port: 9_000, role: 'worker', host: '127.0.0.1', egressAddresses: [], apps: [] });
  expect(settings.databaseUrl.reveal()).toBe('postgres://a:b@c/d');
  expect(JSON.stringify(settings)).not.toContain('a:b');
});

test('lists are words with commas, programs and providers are JSON', () => {
  const settings = readSettings([], {
    ...least,
    GATEHOUSE_EGRESS_ADDRESSES: '192.0.2.1, 192.0.2.2',
    GATEHOUSE_APPS: '[{"id":"vault","name":"Vault","url":"https://vault.example"}]',
    GATEHOUSE_OIDC: '[{"id":"okta","name":"Okta","issuer":"https://a.okta.com","clientId":"x","clientSecret":"y"}]',
    GATEHOUSE_PRIVATE_WEBHOOKS: 'true',
  });
  expect(settings).toMatchObject({
    ...{ egressAddresses: ['192.0.2.1', '192.0.2.2'], apps: [{ id: 'vault' }], privateWebhooks: true },
    oidc: [{ id: 'okta' }],
  });
  expect(settings.oidc[0]?.clientSecret.reveal()).toBe('y');
});

test.each([
  [['--port', 'abc'], {}, '--port (GATEHOUSE_PORT)'],
  [['--colour', 'red'], {}, '--colour'],
  [[], { GATEHOUSE_HOME: '' }, 'Set --home or GATEHOUSE_HOME.'],
  [[], { GATEHOUSE_APPS: '[' }, '--apps (GATEHOUSE_APPS): This is not JSON.'],
  [[], { GATEHOUSE_ROLE: 'king' }, '--role (GATEHOUSE_ROLE)'],
])('%j %j is refused with the name of the flag', (argv, more, words) => {
  expect(() => readSettings(argv, { ...least, ...more })).toThrow(words);
});
