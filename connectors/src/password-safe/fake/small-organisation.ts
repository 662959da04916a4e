import type { PasswordSafeOrganisation } from './organisation.ts';

/** `2026-11-27T10:00:00.1`, as Password Safe writes UTC. */
export const written = (time: Date): string => time.toISOString().replace(/Z$/, '');

/** A Password Safe with a bit of everything. `now`: its sessions and audits happened shortly before. */
export const smallOrganisation = (now = new Date()): PasswordSafeOrganisation => {
  const ago = (minutes: number) => written(new Date(now.getTime() - minutes * 60_000));
  return {
    users: [
      person(1, 'Administrator', null, ago(60)),
      { ...person(2, 'ada', 'CORP', ago(30)), sid: 'S-1-5-21-1-2-3-1104', email: 'Ada@corp.example' },
      { ...person(3, 'CORP\\bob', 'corp.example', null), isQuarantined: true },
      { ...person(4, 'eve', null, ago(90_000)), isActive: false },
      { ...person(5, 'deployer', null, null), type: 'Application', firstName: null, lastName: null },
    ],
    groups: [
      group(1, 'Administrators', 'BeyondInsight', '1', [1], []),
      group(
        2,
        'Server admins',
        'ActiveDirectory',
        '',
        [2, 3],
        [
          { id: 11, level: 1, roleIds: [2], policyId: 1 },
          { id: 12, level: 3, roleIds: [1, 4] },
        ],
      ),
      group(3, 'Auditors', 'BeyondInsight', '1,2', [4], [{ id: 10, level: 1, roleIds: [6] }]),
      group(4, 'Gatehouse', 'BeyondInsight', '2', [], []),
    ],
    smartRules: [
      { id: 10, title: 'All Assets', type: 'Asset', accountIds: [] },
      { id: 11, title: 'All Managed Accounts', type: 'ManagedAccount', accountIds: [101, 102, 103, 104] },
      { id: 12, title: 'Domain administrators', type: 'ManagedAccount', accountIds: [103] },
      { id: 13, title: 'All Managed Systems', type: 'ManagedSystem', accountIds: [] },
    ],
    roles: [
      { id: 1, name: 'Information Systems Security Administrator' },
      { id: 2, name: 'Requestor' },
      { id: 3, name: 'Approver' },
      { id: 4, name: 'Credentials Manager' },
      { id: 5, name: 'Active Session Reviewer' },
      { id: 6, name: 'Auditor' },
      { id: 7, name: 'Something new' },
    ],
    accessPolicies: [
      { id: 1, name: 'Let through', approvers: 0 },
      { id: 2, name: 'Two pairs of eyes', approvers: 2 },
    ],
    platforms: [
      { id: 2, name: 'Linux' },
      { id: 1, name: 'Windows' },
      { id: 25, name: 'Active Directory' },
    ],
    systems: [
      {
        ...{ id: 21, name: 'srv-1', entity: 1, platformId: 2, assetId: 31, functionalAccountId: 41 },
        accounts: [
          { id: 101, name: 'root', domain: null, changed: ago(400_000), isAutomatic: false },
          { id: 102, name: 'backup', domain: null, changed: ago(1_000), isAutomatic: true },
        ],
      },
      {
        ...{ id: 22, name: 'corp.example', entity: 3, platformId: 25, assetId: null, functionalAccountId: 42 },
        accounts: [
          {
            ...{
              id: 103,
              name: 'ada-adm',
              domain: 'corp.example',
              sid: 'S-1-5-21-1-2-3-1105',
              upn: 'ada-adm@corp.example',
            },
            ...{ objectId: '6F9619FF-8B86-D011-B42D-00C04FC964FF', changed: ago(2_000), isAutomatic: true },
          },
          { id: 104, name: 'svc-sql', domain: 'CORP', changed: '0001-01-01T00:00:00', isAutomatic: false },
        ],
      },
      { id: 23, name: 'empty', entity: 1, platformId: 1, assetId: 32, functionalAccountId: null, accounts: [] },
    ],
    functionalAccounts: [
      { id: 41, domain: null, name: 'psafe' },
      { id: 42, domain: 'corp.example', name: 'svc-psafe' },
    ],
    workgroups: [
      {
        ...{ id: 1, name: 'BeyondTrust Workgroup' },
        assets: [
          { id: 31, name: 'srv-1', dns: 'srv-1.corp.example', ip: '192.0.2.31' },
          { id: 32, name: 'srv-2', dns: 'srv-2.corp.example', ip: '192.0.2.32' },
          { id: 33, name: 'srv-3', dns: 'srv-3.corp.example', ip: '192.0.2.33' },
        ],
      },
      { id: 2, name: 'Elsewhere', assets: [] },
    ],
    registrations: [
      { id: 1, name: 'Deployments', addresses: [], requiresPassword: false },
      { id: 2, name: 'Gatehouse', addresses: ['192.0.2.7'], requiresPassword: true },
    ],
    sessions: [session(501, 0, ago(50), ago(40)), session(502, 1, ago(35), ago(30)), session(503, 1, ago(20), null)],
    audits: [
      audit(901, 'Login', 'Login', ago(60)),
      audit(902, 'Edit', 'User Groups', ago(45)),
      audit(903, 'Add', 'API Registrations', ago(10)),
    ],
  };
};

const person = (id: number, name: string, domain: string | null, lastLogin: string | null) => ({
  ...{ id, name, domain, lastLogin, firstName: 'Some', lastName: 'Body', email: null },
  ...{ isActive: true, isQuarantined: false },
});

const group = (
  id: number,
  name: string,
  type: 'BeyondInsight' | 'ActiveDirectory',
  registrationIds: string,
  userIds: number[],
  rules: PasswordSafeOrganisation['groups'][number]['rules'],
) => ({
  ...{ id, name, type, registrationIds, userIds, rules, description: `${name} of the company` },
  dn: type === 'ActiveDirectory' ? `CN=${name},OU=Groups,DC=corp,DC=example` : null,
});

const session = (id: number, protocol: 0 | 1, start: string, end: string | null) => ({
  ...{ id, protocol, start, end, userId: 2, accountId: 103, systemId: 22, status: end === null ? 1 : 2 },
  ...{ token: `token-of-session-${id}`, recordKey: `key-of-recording-${id}` },
});

const audit = (id: number, action: string, section: string, at: string) => ({
  ...{ id, action, section, at, userId: 1, userName: 'Administrator', ip: '192.0.2.1' },
});
