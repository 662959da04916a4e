import { expect, test } from 'vitest';
import { AppsSetting } from '../src/apps.ts';
import { testServer } from '../src/testing/index.ts';

const vault = { id: 'vault', name: 'Vault', url: 'https://vault.example/' };

test('programs that are set are told to whoever is signed in, and to nobody else', async () => {
  await using host = await testServer({ apps: [vault] });
  expect((await host.client().get('/api/apps')).status).toBe(401);
  const person = await host.signIn();
  expect((await person.get('/api/apps')).body).toEqual({ items: [vault] });
});

test('programs are set as id=name=url joined by commas, or as JSON', () => {
  const site = { id: 'site', name: 'Remote access', url: 'http://localhost:8410/?a=b' };
  expect(AppsSetting.parse(`vault=Vault=${vault.url}, site=Remote access=${site.url}`)).toEqual([vault, site]);
  expect(AppsSetting.parse(JSON.stringify([vault]))).toEqual([vault]);
});

test.each([
  '[',
  'vault',
  'vault=Vault',
  'Va ult=Vault=https://vault.example',
  'vault=Vault=javascript:alert(1)',
  '[{}]',
  '{}',
])('a program is not set by %j', (text) => expect(AppsSetting.safeParse(text).success).toBe(false));
