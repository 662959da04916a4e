import { body, type InsightsCommand, must, tenant } from './command.ts';

/** Commands about tenants, people, audit. */
export const tenantsCommands: readonly InsightsCommand[] = [
  {
    name: 'tenants list',
    does: 'the tenants you may see',
    method: 'GET',
    path: '/api/tenants',
    columns: ['tenantId', 'name', 'role', 'connections', 'connectivity', 'findings.critical', 'findings.high'],
    examples: ['gatehouse insights tenants list'],
  },
  {
    name: 'tenants create',
    does: 'a new, empty tenant',
    method: 'POST',
    path: '/api/tenants',
    options: [must(body('--name <name>', 'name', 'its name'))],
    examples: ['gatehouse insights tenants create --name "Acme"'],
  },
  {
    name: 'tenants settings',
    does: 'the settings of a tenant',
    method: 'GET',
    path: `${tenant}/settings`,
    examples: ['gatehouse insights tenants settings --tenant Acme --json'],
  },
  {
    name: 'tenants change',
    does: 'change settings of a tenant',
    method: 'PATCH',
    path: `${tenant}/settings`,
    options: [
      body('--name <name>', 'name', 'its name'),
      body('--owned-domains <domain...>', 'ownedDomains', 'mail domains that are yours', 'list'),
      body('--admin-account-pattern <regex>', 'adminAccountPattern', 'how administrator accounts are named'),
      body('--dormant-days <days>', 'dormantDays', 'days without use until dormant', 'number'),
      body('--maximum-super-admins <n>', 'maximumSuperAdmins', 'how many are acceptable', 'number'),
    ],
    examples: ['gatehouse insights tenants change --tenant Acme --owned-domains acme.com acme.org'],
  },
  {
    name: 'tenants delete',
    does: 'a tenant and everything in it',
    method: 'DELETE',
    path: tenant,
    examples: ['gatehouse insights tenants delete --tenant Acme'],
  },
  {
    name: 'people list',
    does: 'who may see a tenant',
    method: 'GET',
    path: `${tenant}/people`,
    columns: ['personId', 'name', 'email', 'role', 'twoFactor', 'lastSignInAt'],
    examples: ['gatehouse insights people list --tenant Acme'],
  },
  {
    name: 'people add',
    does: 'invite a person or change their role',
    method: 'POST',
    path: `${tenant}/people`,
    options: [
      must(body('--email <address>', 'email', 'their e-mail address')),
      must(body('--role <role>', 'role', 'reader, analyst or administrator')),
    ],
    examples: ['gatehouse insights people add --tenant Acme --email ada@acme.com --role analyst'],
  },
  {
    name: 'people remove',
    does: "end a person's access to a tenant",
    method: 'DELETE',
    path: `${tenant}/people/:personId`,
    examples: ['gatehouse insights people remove <personId> --tenant Acme'],
  },
  {
    name: 'audit list',
    does: 'who did what',
    method: 'GET',
    path: `${tenant}/audit`,
    paged: true,
    columns: ['at', 'actor', 'action', 'target', 'correlationId'],
    examples: ['gatehouse insights audit list --tenant Acme'],
  },
];
