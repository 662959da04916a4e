import type { TestDatabase } from '@gatehouse/database/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Domain, noSamba, startDomain } from '../../../../../test/servers/samba/domain.ts';
import { judgeDomain } from './read-domain.ts';
import { openWorld } from './world.ts';

const reason = noSamba();

/** A part of what the evidence says, whatever day the domain was made. */
const planted: readonly (readonly [rule: string, said: string])[] = [
  ['admin-can-be-delegated', 'NORMAL_ACCOUNT'],
  ['admin-sd-holder-tampered', 'CORP\\svc-provision GenericAll CN=AdminSDHolder,CN=System,DC=corp,DC=example'],
  ['as-rep-roastable', 'DONT_REQ_PREAUTH'],
  ['azure-sso-key-old', '20'],
  ['bad-successor', 'Service Automation CreateChild:msDS-DelegatedManagedServiceAccount'],
  ['dcsync-below-tier-zero', 'CORP\\svc-dirsync GetChangesAll corp.example'],
  ['delegation-to-missing-host', 'HOST/retired7.corp.example'],
  ['des-only', 'USE_DES_KEY_ONLY'],
  ['dns-admins-not-empty', 'CORP\\clerk.keller'],
  ['esc1-requester-supplies-subject', 'Domain Users Corp Issuing CA 1 on ca1.corp.example'],
  ['esc14-weak-certificate-mapping', 'X509:<RFC822>adm-moreau@corp.example'],
  ['esc15-version-1-subject', 'Domain Users'],
  ['esc17-server-certificate', 'Server Authentication'],
  ['esc2-any-purpose', 'Any Purpose'],
  ['esc3-enrolment-agent', 'Certificate Request Agent'],
  ['esc4-writable-template', 'Authenticated Users WriteDacl ESC4-Writable'],
  ['esc5-writable-pki-object', 'Web Operators GenericAll CN=NTAuthCertificates'],
  ['esc9-no-security-extension', 'Domain Users'],
  ['escalation-path', 'svc-dirsync can read every secret of corp.example'],
  ['escalation-path', 'WEB1 can act as anybody towards DC1'],
  ['kerberoastable-privileged', 'backup/backup1.corp.example'],
  ['krbtgt-password-old', '20'],
  ['laps-absent', 'no password that runs out'],
  ['laps-over-readable', 'Authenticated Users'],
  ['machine-account-quota', '10'],
  ['operators-not-empty', 'CORP\\svc-monitor'],
  ['password-not-required', 'PASSWD_NOTREQD'],
  ['password-reversible', 'ENCRYPTED_TEXT_PWD_ALLOWED'],
  ['policy-reaching-tier-zero-writable', 'Policy Editors GenericAll Domain Controller Hardening'],
  ['privileged-password-never-expires', 'DONT_EXPIRE_PASSWORD'],
  ['protocol-transition-to-tier-zero', 'ldap/dc1.corp.example'],
  ['rbcd-on-tier-zero', 'CORP\\WEB1$'],
  ['service-account-in-tier-zero', 'Backup Team'],
  ['service-account-with-rc4', 'MSSQLSvc/sql1.corp.example:1433'],
  ['sid-history-privileged', '-519'],
  ['sync-account-can-be-taken-over', 'AZUREADSSOACC$'],
  ['trust-with-ticket-delegation', 'inbound forest true'],
  ['trust-without-sid-filtering', 'both external false'],
  ['unconstrained-delegation', 'TRUSTED_FOR_DELEGATION'],
];
/** Nobody holds what these look for, or it cannot be seen from here. */
const notPlanted: readonly string[] = [
  ...[
    'constrained-delegation-to-tier-zero',
    'rodc-reveals-privileged',
    'schema-admins-not-empty',
    'too-many-domain-admins',
  ],
  ...['everyone-group-privileged', 'everybody-controls-tier-zero', 'esc13-policy-linked-to-group'],
  ...['password-in-policy', 'smb-signing-off', 'esc6-subject-in-attributes', 'esc7-authority-managed-below-tier-zero'],
];

describe.skipIf(reason !== null)(`rules on a real domain${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let domain: Domain;
  let world: TestDatabase;
  beforeAll(async () => {
    [domain, world] = await Promise.all([startDomain(), openWorld()]);
  }, 120_000);
  afterAll(async () => {
    await domain?.stop();
    await world?.close();
  });

  test('find what was planted there, whom it is about by name, and stay blind without files and registry', async () => {
    const settings = {
      controllers: domain.url.replace(domain.names.controller, domain.address),
      ...{ bindName: domain.reader.userPrincipalName, password: domain.reader.password },
      certificateAuthorities: domain.ca,
    };
    const { found, ways, truePrivilege } = await judgeDomain(world.database, settings, new Date());
    for (const [rule, said] of planted)
      expect([rule, found.get(rule) ?? 'nothing']).toEqual([rule, expect.stringContaining(said)]);
    for (const rule of notPlanted) expect([rule, found.get(rule)]).toEqual([rule, undefined]);
    // Everybody in Domain Users may enrol in one template as anybody, and everybody at all may rewrite another.
    expect(ways.get('CORP\\clerk.keller')).toBe(
      'clerk.keller is in Domain Users, which Domain Users can get a certificate as anybody in corp.example: ' +
        'may enrol in ESC1-UserSubject as anybody, on Corp Issuing CA 1; Enroll for Domain Users on ESC1-UserSubject; ' +
        'Enroll for Authenticated Users on Corp Issuing CA 1',
    );
    expect(ways.get('CORP\\CA1$')).toBe(
      'CA1 is, as everybody who signs in, in Authenticated Users, which Authenticated Users can rewrite a template for ' +
        'certificates as anybody in corp.example: may rewrite ESC4-Writable, then enrol in it as anybody, on Corp Issuing CA 1; ' +
        'WriteDacl for Authenticated Users on ESC4-Writable; Enroll for Authenticated Users on Corp Issuing CA 1',
    );
    expect(truePrivilege.get('CORP\\clerk.keller')).toBe(4);
    // To be in NTAuth is not enough, and it is not known whom authorities let agents ask for.
    expect([...ways.values()].filter((way) => /of its own trusted|sign requests/.test(way))).toEqual([]);
  }, 120_000);
});
