import { defineConnector } from '@gatehouse/connector-kit';
import { access, certificateAccess } from './access.ts';
import { certificateTemplates, enrollmentServices, issuancePolicies, pkiObjects } from './certificate-services.ts';
import { check } from './check.ts';
import { createClient } from './client.ts';
import { deletedObjects } from './deleted-objects.ts';
import { containers } from './directory.ts';
import { groupPolicies } from './group-policies.ts';
import { groups, memberships, primaryGroups } from './groups.ts';
import { passwordPolicies } from './password-policies.ts';
import { registry } from './registry/registry.ts';
import { securityEvents } from './security-events/security-events.ts';
import { config, controllersOf } from './settings.ts';
import { policySettings } from './sysvol/policy-settings.ts';
import { trusts } from './trusts.ts';
import { computers, managedServiceAccounts, users } from './users.ts';
import { privilegedGroupGrants, roles, wellKnownGroups } from './well-known.ts';

/** A domain, read over LDAP with the rights of a domain user, and nothing that changes it. */
export const activeDirectory = defineConnector({
  id: 'active-directory',
  name: 'Active Directory',
  summary:
    'Users, computers, groups, policies, trusts, certificate services and who may do what to whom in an Active Directory domain.',
  collected: 'only',
  config,
  setup: [
    {
      title: 'Name the domain controllers',
      text: [
        'The collector asks the first that answers, and the next one when it goes away. The connection is always encrypted, and the certificate is always checked.',
      ],
      settings: ['controllers', 'certificateAuthorities'],
    },
    {
      title: 'Enter the service account',
      text: [
        'Make a domain user for Gatehouse alone. Being a domain user is enough for almost everything.',
        'To let it see deleted objects, run as a domain administrator: `dsacls "CN=Deleted Objects,DC=corp,DC=example" /takeownership`, then `dsacls "CN=Deleted Objects,DC=corp,DC=example" /g "CORP\\gatehouse:LCRP"`.',
        'To let it read fine-grained password policies: `dsacls "CN=Password Settings Container,CN=System,DC=corp,DC=example" /I:T /g "CORP\\gatehouse:GR"`.',
      ],
      settings: ['bindName', 'password'],
    },
    {
      title: 'Let it read more than LDAP tells',
      text: [
        'What policies set stands in files, and what authorities and domain controllers enforce stands in their registry. Recommendations that need either say so where it cannot be read.',
        'Name the folder of the policies for the files. The registry is read by a collector on Windows: let its account read it on authorities and domain controllers (the service Remote Registry, and the permissions of `HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurePipeServers\\winreg`).',
      ],
      settings: ['sysvol'],
    },
    {
      title: 'Let it hear what happens',
      text: [
        'A collector on Windows reads the Security logs of domain controllers and enrolment servers itself: make its account a member of **Event Log Readers** and let “Remote Event Log Management” through their firewalls.',
        'Any other collector takes what comes to it: files of events in a folder (`--event-folder`), Samba’s audit log (`--samba-audit-log`), or what is sent to a port of it (`--event-port`).',
        'Winlogbeat sends with `output.elasticsearch`: as `hosts` the collector, as `password` its token, and `setup.template.enabled: false` and `setup.ilm.enabled: false`. NXLog sends with `om_http` and a header `Authorization: Bearer …`, as JSON or XML.',
        'Domain controllers write what is audited: Kerberos Authentication Service, Kerberos Service Ticket Operations, Credential Validation, User and Computer Account Management, Directory Service Changes; certification authorities also Certification Services (`certutil -setreg CA\\AuditFilter 127`).',
      ],
    },
  ],
  point: ({ controllers }) => new URL(controllersOf(controllers)[0] ?? '').hostname,
  connect: ({ controllers, bindName, password, certificateAuthorities }, host) =>
    createClient(host, {
      ...{ controllers: controllersOf(controllers), bindName, password },
      ...(certificateAuthorities && { certificateAuthorities }),
    }),
  check,
  // In the order in which they are read: who there is, what there is, who is where, then what takes long.
  streams: {
    users,
    computers,
    'managed-service-accounts': managedServiceAccounts,
    groups,
    'well-known-groups': wellKnownGroups,
    roles,
    'privileged-groups': privilegedGroupGrants,
    containers,
    'group-policies': groupPolicies,
    trusts,
    'password-policies': passwordPolicies,
    memberships,
    'primary-groups': primaryGroups,
    'certificate-templates': certificateTemplates,
    'enrolment-services': enrollmentServices,
    'issuance-policies': issuancePolicies,
    'pki-objects': pkiObjects,
    'access-entries': access,
    'certificate-access-entries': certificateAccess,
    'deleted-objects': deletedObjects,
    'security-events': securityEvents,
    'policy-settings': policySettings,
    registry,
  },
});
