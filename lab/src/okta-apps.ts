import type { OktaApp } from '@gatehouse/connectors/okta/fake';
import { departmentGroupId, groupIds } from './okta-groups.ts';
import { oktaId } from './okta-people.ts';
import type { LabOrganisation } from './organisation.ts';
import { type Department, departments, type LabPerson } from './people.ts';

/** Applications that other parts refer to. */
export const appIds = {
  adminConsole: '0oaadminconsole00001',
  github: '0oagithub00000000001',
  provisioning: '0oaprovisioning00001',
  reporting: '0oareporting00000001',
  legacy: '0oalegacysync0000001',
} as const;

export const oktaApps = (lab: LabOrganisation): OktaApp[] => {
  const dice = lab.dice('okta apps');
  const working = lab.people.filter(({ leftAt }) => leftAt === null);
  const through = (people: readonly LabPerson[], userName = (person: LabPerson) => person.email) =>
    people.map((person) => ({
      userId: oktaId(person),
      created: person.hiredAt.toISOString(),
      scope: 'GROUP' as const,
      userName: userName(person),
    }));
  const assigned = (groupId: string) => [{ groupId, lastUpdated: lab.ago(90) }];
  const ofDepartment = (name: string) => working.filter(({ department }) => department === name);

  const catalogue = named.map(
    ([name, label, department, signOnMode], index): OktaApp => ({
      id: `0oacat${String(index).padStart(14, '0')}`,
      name,
      label,
      signOnMode,
      created: lab.ago(dice.between(100, 2_000)),
      accessPolicyId: index % 4 === 0 ? 'rstonefactor00000001' : 'rsttwofactor00000001',
      ...(signOnMode === 'BROWSER_PLUGIN' ? { credentialsScheme: 'SHARED_USERNAME_AND_PASSWORD' } : {}),
      ...(department === null
        ? { users: [], groups: assigned(groupIds.everyone) }
        : {
            users: through(ofDepartment(department)),
            groups: assigned(departmentGroupId(departments.indexOf(department))),
          }),
    }),
  );

  return [
    {
      id: appIds.adminConsole,
      name: 'saasure',
      label: 'Okta Admin Console',
      signOnMode: 'OPENID_CONNECT',
      created: lab.ago(2_600),
      accessPolicyId: 'rstonefactor00000001',
      users: through([...lab.cast.superAdmins, lab.cast.dormantAdmin]),
    },
    {
      id: appIds.github,
      name: 'githubcloud',
      label: 'GitHub Enterprise Cloud',
      signOnMode: 'SAML_2_0',
      created: lab.ago(1_500),
      accessPolicyId: 'rsttwofactor00000001',
      features: ['PUSH_NEW_USERS'],
      settings: { githubOrg: 'meridian-freight' },
      users: through(working.filter(({ department }) => ['Engineering', 'IT', 'Security'].includes(department))),
      groups: assigned(groupIds.github),
      certificates: [{ kid: 'meridian-saml-2024', created: lab.ago(800), expiresAt: lab.ago(-290) }],
    },
    ...catalogue,
    // Machines: one that may do everything with a secret from long ago, one as it should be, one forgotten.
    {
      id: appIds.provisioning,
      name: 'oidc_client',
      label: 'HR provisioning',
      signOnMode: 'OPENID_CONNECT',
      created: lab.ago(900),
      oauth: {
        applicationType: 'service',
        grantTypes: ['client_credentials'],
        authMethod: 'client_secret_basic',
        secrets: [{ id: 'ocshrprov00000000001', created: lab.ago(900), value: 'lab-only-provisioning-secret-value' }],
        grants: ['okta.users.manage', 'okta.groups.manage', 'okta.apps.manage'].map((scopeId, index) => ({
          id: `oagprov0000000000${index}`,
          scopeId,
          created: lab.ago(890),
        })),
      },
    },
    {
      id: appIds.reporting,
      name: 'oidc_client',
      label: 'Access reporting',
      signOnMode: 'OPENID_CONNECT',
      created: lab.ago(120),
      oauth: {
        applicationType: 'service',
        grantTypes: ['client_credentials'],
        authMethod: 'private_key_jwt',
        keys: [{ id: 'pksreporting00000001', kid: 'reporting-1', created: lab.ago(30) }],
        grants: ['okta.users.read', 'okta.groups.read'].map((scopeId, index) => ({
          id: `oagrepo0000000000${index}`,
          scopeId,
          created: lab.ago(119),
        })),
      },
    },
    {
      id: appIds.legacy,
      name: 'oidc_client',
      label: 'Legacy badge sync',
      status: 'INACTIVE',
      signOnMode: 'OPENID_CONNECT',
      created: lab.ago(1_900),
      oauth: {
        applicationType: 'service',
        grantTypes: ['client_credentials'],
        authMethod: 'client_secret_post',
        secrets: [{ id: 'ocslegacy00000000001', created: lab.ago(1_900), value: 'lab-only-legacy-secret-value' }],
        grants: [],
      },
    },
  ];
};

const named: readonly (readonly [string, string, Department | null, string])[] = [
  ['office365', 'Microsoft 365', null, 'WS_FEDERATION'],
  ['slack', 'Slack', null, 'SAML_2_0'],
  ['zoomus', 'Zoom', null, 'SAML_2_0'],
  ['workday', 'Workday', 'People', 'SAML_2_0'],
  ['salesforce', 'Salesforce', 'Sales', 'SAML_2_0'],
  ['gong', 'Gong', 'Sales', 'SAML_2_0'],
  ['zendesk', 'Zendesk', 'Support', 'SAML_2_0'],
  ['netsuite', 'NetSuite', 'Finance', 'SAML_2_0'],
  ['concur', 'Concur', null, 'SAML_2_0'],
  ['datadog', 'Datadog', 'Engineering', 'SAML_2_0'],
  ['pagerduty', 'PagerDuty', 'Engineering', 'SAML_2_0'],
  ['jira', 'Jira', 'Engineering', 'SAML_2_0'],
  ['amazon_aws', 'AWS Account Federation', 'Engineering', 'SAML_2_0'],
  ['figma', 'Figma', 'Marketing', 'SAML_2_0'],
  ['hubspot', 'HubSpot', 'Marketing', 'SAML_2_0'],
  ['docusign', 'DocuSign', 'Legal', 'SAML_2_0'],
  ['warehouse_portal', 'Warehouse portal', 'Operations', 'BROWSER_PLUGIN'],
  ['carrier_portal', 'Carrier portal', 'Operations', 'BROWSER_PLUGIN'],
  ['tenable', 'Tenable', 'Security', 'SAML_2_0'],
  ['jamf', 'Jamf Pro', 'IT', 'SAML_2_0'],
];
