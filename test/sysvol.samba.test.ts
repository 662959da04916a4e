import { join } from 'node:path';
import { type Policy, runStreams } from '@gatehouse/connector-kit';
import { createMemoryStore } from '@gatehouse/connector-kit/testing';
import { activeDirectory } from '@gatehouse/connectors/active-directory';
import { createHost, openFiles, type RunHost } from '@gatehouse/host';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Domain, noSamba, startDomain } from './servers/samba/domain.ts';
import { groups } from './servers/samba/seed/groups.ts';
import { dnsDomain, sidOf } from './servers/samba/seed/names.ts';
import { cpasswordClear, policies } from './servers/samba/seed/policies.ts';

const reason = noSamba();

describe.skipIf(reason !== null)(`policies of a real domain${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let domain: Domain;
  beforeAll(async () => {
    domain = await startDomain();
  });
  afterAll(() => domain?.stop());

  /** What the files of each policy set, by its GUID. */
  const read = async (folder: string) => {
    const host = createHost({
      ...{ signal: new AbortController().signal, attempts: 2 },
      files: openFiles({ root: folder, system: 'SYSVOL' }),
    });
    // Its name is known to no name server.
    const known: RunHost = {
      ...host,
      ldap: (options) => host.ldap({ ...options, addresses: { [domain.names.controller]: [domain.address] } }),
    };
    const store = createMemoryStore();
    const outcome = await runStreams({
      ...{ connector: activeDirectory, host: known, store, streams: ['policy-settings'] },
      settings: {
        ...{ controllers: domain.url, certificateAuthorities: domain.ca },
        ...{ bindName: domain.plainReader.userPrincipalName, password: domain.plainReader.password },
      },
    });
    const settings = [...store.records('policy-settings').values()].map((one) => Object((one as Policy).settings));
    return { outcome, text: JSON.stringify(store.calls), by: new Map(settings.map((one) => [one.policy, one])) };
  };

  test.each([
    ['the folder of the domain', () => join(domain.sysvol, dnsDomain)],
    ['the whole share', () => domain.sysvol],
  ])('are read below %s: privileges, values, groups and whose password can be read', async (_, folder) => {
    const { outcome, by, text } = await read(folder());
    expect(outcome.streams[0]).toMatchObject({ state: 'done', wasFull: true, fault: null });
    const hardening = by.get(policies.controllerHardening.id.toUpperCase());
    expect(hardening.privileges.SeEnableDelegationPrivilege).toEqual(['S-1-5-32-544', sidOf(groups.policyEditors.rid)]);
    expect(hardening.values).toMatchObject({
      ...{ LDAPServerIntegrity: 1, 'LanmanServer RequireSecuritySignature': 0, LmCompatibilityLevel: 2 },
    });
    expect(by.get(policies.defaultControllers.id.toUpperCase()).privileges.SeMachineAccountPrivilege).toEqual([
      'S-1-5-11',
    ]);
    expect(by.get(policies.defaultDomain.id.toUpperCase()).systemAccess).toMatchObject({ MinimumPasswordLength: 7 });
    expect(by.get(policies.serverBaseline.id.toUpperCase()).groups).toEqual([
      { group: 'S-1-5-32-544', members: [sidOf(512), sidOf(groups.infrastructure.rid)], memberOf: null },
    ]);
    expect(by.get(policies.localAdministrator.id.toUpperCase()).logons).toEqual([
      {
        account: 'Administrator (built-in)',
        changedOn: '2019-03-11',
        file: 'MACHINE/Preferences/Groups/Groups.xml',
      },
    ]);
    expect(text).not.toContain(cpasswordClear);
    expect(text).not.toMatch(/cpassword/i);
  });

  test('of another folder are none, and the stream says what it takes', async () => {
    const { outcome } = await read(join(domain.sysvol, dnsDomain, 'scripts'));
    expect(outcome.streams[0]?.fault).toMatchObject({ kind: 'forbidden', advice: expect.stringContaining('SYSVOL') });
  });
});
