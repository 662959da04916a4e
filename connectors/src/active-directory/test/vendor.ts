import type { AskedSearch } from '../fake/searches.ts';
import { type DomainFake, fakeDomain } from '../fake/vendor.ts';
import { deletedObjects, growPeople, localPassword, passwordSettings, wholeDomain } from './whole-domain.ts';
import { storedPassword, wholeNearby } from './whole-nearby.ts';

/** A domain over LDAP with something for every stream, and knobs that make it misbehave. */
export const fakeActiveDirectory = (): DomainFake => {
  const directory = wholeDomain();
  return fakeDomain({
    ...{ directory, streams },
    // Refused by not being there: nobody is told of what is in these containers.
    hidden: { 'deleted-objects': deletedObjects, 'password-policies': passwordSettings },
    unasked: ['well-known-groups', 'roles'],
    nearby: wholeNearby,
    secrets: [localPassword, storedPassword],
    grow: { users: (count) => growPeople(directory, count) },
  });
};

const asks =
  (filter: string, { scope = 'sub', attribute }: { scope?: AskedSearch['scope']; attribute?: string } = {}) =>
  (search: AskedSearch): boolean =>
    search.scope === scope &&
    search.filter.includes(filter) &&
    // A test of the connection asks for no more than whether there is anything.
    (attribute === undefined || search.attributes.includes(attribute) || search.attributes.join() === 'objectguid');

const descriptors = (isIn: (base: string) => boolean) => (search: AskedSearch) =>
  isIn(search.base) &&
  (search.attributes.includes('ntsecuritydescriptor') ||
    (search.filter === '(objectClass=*)' && search.scope === 'sub' && search.attributes.join() === 'objectguid'));
const isCertificates = (base: string) => base.startsWith('cn=public key services,');

/** What each stream asks for; several ask for the same. */
const streams: Readonly<Record<string, (search: AskedSearch) => boolean>> = {
  users: asks('(objectCategory=person)(objectClass=user)'),
  computers: asks('(objectCategory=computer)'),
  'managed-service-accounts': asks('(|(objectClass=msDS-GroupManagedServiceAccount)'),
  groups: asks('(objectCategory=group)', { attribute: 'grouptype' }),
  'privileged-groups': (search) =>
    asks('(objectCategory=group)', { attribute: 'samaccountname' })(search) && !search.attributes.includes('grouptype'),
  containers: asks('(|(objectClass=domainDNS)'),
  'group-policies': (search) =>
    search.base.startsWith('cn=policies,') && asks('(objectClass=groupPolicyContainer)')(search),
  trusts: asks('(objectClass=trustedDomain)'),
  'password-policies': asks('(objectClass=msDS-PasswordSettings)'),
  memberships: asks('(objectCategory=group)', { attribute: 'member' }),
  'primary-groups': asks('(primaryGroupID=*)'),
  'certificate-templates': asks('(objectClass=pKICertificateTemplate)'),
  'enrolment-services': asks('(objectClass=pKIEnrollmentService)', { attribute: 'cacertificate' }),
  'issuance-policies': asks('(objectClass=msPKI-Enterprise-Oid)'),
  'pki-objects': asks('(|(objectClass=certificationAuthority)(objectClass=container))'),
  'access-entries': descriptors((base) => !isCertificates(base)),
  'certificate-access-entries': descriptors(isCertificates),
  'deleted-objects': asks('(isDeleted=TRUE)', { attribute: 'lastknownparent' }),
  'security-events': (search) => search.attributes.join() === 'dnshostname',
  'policy-settings': asks('(objectClass=groupPolicyContainer)', { scope: 'one' }),
  registry: (search) =>
    search.attributes.includes('dnshostname') && search.attributes.includes('cn') && search.attributes.length <= 4,
};
