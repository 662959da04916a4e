import { expect, test } from 'vitest';
import { parseInstallationUrl } from './installation-url.ts';

test.each([
  ['https://github.com/organizations/acme/settings/installations/123', 'https://api.github.com'],
  ['https://www.github.com/organizations/acme/settings/installations/123/', 'https://api.github.com'],
  ['  <https://github.com/organizations/acme/settings/installations/123?x=1#y> ', 'https://api.github.com'],
  ['github.com/organizations/acme/settings/installations/123', 'https://api.github.com'],
  ['https://github.com/organizations/acme/settings/installations/123/permissions/update', 'https://api.github.com'],
  ['https://ghe.example/organizations/acme/settings/installations/123', 'https://ghe.example/api/v3'],
  ['https://ghe.example:8443/organizations/acme/settings/installations/123', 'https://ghe.example:8443/api/v3'],
  ['https://acme.ghe.com/organizations/acme/settings/installations/123', 'https://api.acme.ghe.com'],
  ['http://127.0.0.1:8080/organizations/acme/settings/installations/123', 'http://127.0.0.1:8080/api/v3'],
  ['http://localhost:8080/organizations/acme/settings/installations/123', 'http://localhost:8080/api/v3'],
])('%s is read, and the API is at %s', (text, apiUrl) => {
  expect(parseInstallationUrl(text)).toMatchObject({ organization: 'acme', installationId: 123, apiUrl });
});

test('the page where permissions are accepted is the address without what was pasted along', () => {
  expect(
    parseInstallationUrl('https://www.github.com/organizations/Acme-1/settings/installations/9?a=b'),
  ).toMatchObject({
    pageUrl: 'https://github.com/organizations/Acme-1/settings/installations/9',
    host: 'github.com',
  });
});

test.each([
  ['https://github.com/settings/installations/123', /personal account/],
  ['https://github.com/enterprises/acme/settings/installations/123', /enterprise/],
  ['https://github.com/acme', /not the address of an installed app/],
  ['https://github.com/apps/gatehouse', /not the address of an installed app/],
  ['https://github.com/organizations/acme/settings/installations', /number/],
  ['https://github.com/organizations/acme/settings/installations/abc', /number/],
  ['https://github.com/organizations/ac me/settings/installations/1', /names no organization/],
  ['http://ghe.example/organizations/acme/settings/installations/1', /https/],
  ['http://10.0.0.1.evil.example/organizations/acme/settings/installations/1', /https/],
  ['ftp://github.com/organizations/acme/settings/installations/1', /not a web address/],
  ['acme', /names no server/],
  ['', /not a web address/],
])('%s is refused with words about what is wrong', (text, words) => {
  expect(parseInstallationUrl(text)).toMatch(words);
});
