import { withTrial } from '@gatehouse/vault-kit/testing';
import { describe, expect, test } from 'vitest';
import { account, smallVault } from '../fake.ts';
import { subjectWith } from './subject.ts';

const asked = (fake: { requests: readonly { url: string; body: string }[] }) =>
  fake.requests
    .filter(({ url }) => url.endsWith('ListStoredCredentials'))
    .map(({ body }) => {
      const { AuthenticationToken: _, ...rest } = JSON.parse(body);
      return rest;
    });

describe('a listing', () => {
  test('calls credentials as people know them', async () => {
    const subject = subjectWith({ sharedCredentialLists: true });
    await withTrial(subject, async ({ process }) => {
      const labels = (await process().list()).map(({ label, kind, needsApproval }) => [label, kind, needsApproval]);
      expect(labels).toEqual([
        ['root', 'password', false],
        ['deploy (SSH key)', 'ssh-key', false],
        ['breakglass', 'password', true],
        ['NS\\sarcher.admin', 'password', false],
        ['JAmos Domain Credentials', 'password', false],
        ['app (main)', 'password', false],
      ]);
    });
  });

  test('names the account of a shared list that has several', async () => {
    const state = smallVault();
    const list = { kind: 'Shared', system: '', storeType: 0, list: 'DBAs' } as const;
    state.accounts.push(account({ ...list, name: 'sa' }), account({ ...list, name: 'backup' }));
    await withTrial(subjectWith({ sharedCredentialLists: true }, state), async ({ process }) => {
      const labels = (await process().list()).map(({ label }) => label);
      expect(labels).toEqual(expect.arrayContaining(['DBAs (sa)', 'DBAs (backup)', 'JAmos Domain Credentials']));
    });
  });

  test.each([
    ['ssh', ['root', 'deploy (SSH key)', 'breakglass', 'NS\\sarcher.admin']],
    ['vnc', ['root', 'breakglass', 'NS\\sarcher.admin']],
    ['postgresql', ['app (main)']],
    ['mssql', ['NS\\sarcher.admin']],
    ['mysql', []],
  ] as const)('for %s leaves out what cannot open such a session', async (protocol, expected) => {
    const subject = subjectWith();
    await withTrial(subject, async ({ process, traces }) => {
      const found = await process().list({ endpoint: { ...subject.endpoint, protocol } });
      expect(found.map(({ label }) => label)).toEqual(expected);
      expect(traces.join('\n')).toContain(`cannot open a session of the protocol ${protocol}`);
    });
  });

  test.each([
    [
      'the name, which is usual',
      { sharedCredentialLists: false },
      { address: '10.0.0.7' },
      { SystemName: 'bomgar-appserver1' },
    ],
    [
      'the address where that is preferred',
      { preferAddress: true },
      { address: '10.0.0.7' },
      { IPAddress: '10.0.0.7' },
    ],
    [
      'the name where the address is not known',
      { preferAddress: true },
      { address: null },
      { SystemName: 'bomgar-appserver1' },
    ],
  ])('asks by %s', async (_, settings, endpoint, member) => {
    const subject = subjectWith(settings);
    await withTrial(subject, async ({ process, fake }) => {
      const found = await process().list({ endpoint: { ...subject.endpoint, ...endpoint } });
      expect(asked(fake)).toEqual([{ ...member, Domain: 'NS', IncludeSharedCredentialLists: false }]);
      expect(found.map(({ label }) => label)).toContain('root');
    });
  });

  test('of an endpoint whose domain is not known has the accounts of every mapped domain, each once', async () => {
    const subject = subjectWith({ mapDomains: 'example.local=EX\nns.example=NS' });
    await withTrial(subject, async ({ process, fake }) => {
      const found = await process().list({ endpoint: { ...subject.endpoint, domain: null, protocol: 'rdp' } });
      expect(asked(fake)).toEqual([
        { SystemName: 'bomgar-appserver1', Domain: 'EX', IncludeSharedCredentialLists: false },
        { Domain: 'NS' },
      ]);
      expect(found.filter(({ label }) => label === 'NS\\sarcher.admin')).toHaveLength(1);
    });
  });

  test('traces every name that was asked for, and why', async () => {
    const subject = subjectWith({ fallBackToLocal: true, sharedCredentialLists: true });
    subject.state.mapped.delete('NS\\test_user');
    subject.state.mapped.add('test_user');
    subject.state.accounts.push(account({ system: 'bomgar-appserver1', name: 'local', for: ['test_user'] }));
    await withTrial(subject, async ({ process, traces }) => {
      const found = await process().list({ person: 'test_user@NS.example' });
      expect(found.map(({ label }) => label)).toEqual(['local']);
      expect(subject.state.impersonated).toEqual(['NS\\test_user', 'test_user']);
      expect(traces).toEqual([
        'the site asks for "test_user@NS.example" on "bomgar-appserver1"',
        'asking as the identity "NS\\test_user": the map of domains says "NS.example=NS"',
        'the vault does not know "NS\\test_user", or "svc-ecm" has no impersonation mapping to it',
        'asking as the identity "test_user": fall-back to the local account',
        'asking for credentials of the name "bomgar-appserver1", and of the domain "NS": the endpoint is of "ns.example", with shared lists: 1 found',
      ]);
    });
  });

  test('is empty, and says why, for somebody whom the vault does not know', async () => {
    await withTrial(subjectWith(), async ({ process, traces }) => {
      expect(await process().list({ person: 'EX\\nobody' })).toEqual([]);
      expect(traces.at(-1)).toBe('no identity is left to ask as, so nothing is listed for "EX\\nobody"');
    });
  });

  test('says that the map of domains lacks a line for the domain of the endpoint', async () => {
    const subject = subjectWith({ mapDomains: '' });
    await withTrial(subject, async ({ process, traces }) => {
      await process().list();
      expect(traces.join('\n')).toContain('"ns.example", for which the map of domains needs a line FQDN=NetBIOS');
    });
  });
});

describe('the API user logs in', () => {
  const logIns = (fake: { requests: readonly { url: string; body: string }[] }) =>
    fake.requests.filter(({ url }) => url.endsWith('DoLogin2')).map(({ body }) => JSON.parse(body));

  test('as an explicit identity where there is no authenticator', async () => {
    await withTrial(subjectWith(), async ({ process, fake }) => {
      await process().check();
      expect(logIns(fake)).toEqual([{ Username: 'svc-ecm', Password: 'password-of-the-api-user', LoginType: 1 }]);
      expect(subjectOver(fake)).toEqual(['DoLogin2', 'DoLogout']);
    });
  });

  test('as an identity of the domain that the authenticator names', async () => {
    const domain = { authenticator: 'NS', apiPassword: 'password-of-the-domain-api-user' };
    await withTrial(subjectWith(domain), async ({ process, fake }) => {
      await process().check();
      expect(logIns(fake)).toEqual([
        { Username: 'svc-ecm', Password: 'password-of-the-domain-api-user', LoginType: 2, Authenticator: 'NS' },
      ]);
    });
  });

  test('with the key of its registration, and is told where that is wrong', async () => {
    await withTrial(subjectWith({ apiRegistrationKey: 'another-key-of-some-length' }), async ({ process }) => {
      await expect(process().check()).rejects.toMatchObject({
        ...{ kind: 'forbidden', advice: expect.stringContaining('This registration is not known') },
      });
    });
  });

  test('nowhere but at web services: another server is told from a refusal', async () => {
    const subject = subjectWith();
    const elsewhere = {
      ...subject,
      settings: (origin: string) => ({
        ...subject.settings(origin),
        endpointUrl: `${origin}/elsewhere/ERPMWebService`,
      }),
    };
    await withTrial(elsewhere, async ({ process }) => {
      await expect(process().check()).rejects.toMatchObject({ kind: 'misconfigured' });
    });
  });
});

const subjectOver = (fake: { requests: readonly { url: string }[] }) =>
  fake.requests.map(({ url }) => url.slice(url.lastIndexOf('/') + 1));
