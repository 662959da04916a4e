import { type ApiCommand, body, must, query } from '../command.ts';

const flag = (flags: string, as: string, does: string) => body(flags, as, does, 'flag');

/** Commands about rights, impersonation, API registrations. */
export const delegationCommands: readonly ApiCommand[] = [
  {
    name: 'permissions list',
    does: 'what identities may do everywhere',
    method: 'GET',
    path: '/api/permissions',
    paged: true,
    columns: ['identityId', 'name', 'logIn', 'allAccess', 'ignorePasswordCheckout', 'globalApprover'],
    examples: ['gatehouse vault permissions list'],
  },
  {
    name: 'permissions set',
    does: 'what an identity may do everywhere; each is true or false',
    method: 'PUT',
    path: '/api/permissions/:identityId',
    options: [
      must(body('--log-in <yes>', 'logIn', 'log in', 'boolean')),
      must(body('--all-access <yes>', 'allAccess', 'everything with every credential, but spin', 'boolean')),
      must(
        body('--ignore-password-checkout <yes>', 'ignorePasswordCheckout', 'retrieve what is checked out', 'boolean'),
      ),
      body('--global-approver <yes>', 'globalApprover', 'grant requests for every credential', 'boolean'),
    ],
    examples: [
      'gatehouse vault permissions set <identityId> --log-in true --all-access false --ignore-password-checkout false',
    ],
  },
  {
    name: 'permissions clear',
    does: 'take all of them away',
    method: 'DELETE',
    path: '/api/permissions/:identityId',
    examples: ['gatehouse vault permissions clear <identityId>'],
  },
  {
    name: 'delegations list',
    does: 'what identities may do with credentials and sets',
    method: 'GET',
    path: '/api/delegations',
    paged: true,
    options: [
      query('--identity <identityId>', 'identityId', 'of an identity'),
      query('--credential <credentialId>', 'credentialId', 'on a credential'),
      query('--set <setId>', 'setId', 'on a management set'),
    ],
    columns: [
      ...['delegationId', 'identity', 'scope', 'viewAccounts', 'viewPasswords', 'requestPasswords', 'grantRequests'],
      ...['remoteSessions', 'spin'],
    ],
    examples: ['gatehouse vault delegations list --identity <identityId>'],
  },
  {
    name: 'delegations give',
    does: 'rights on a credential or the systems of a set; replaces what was given there',
    method: 'PUT',
    path: '/api/delegations',
    options: [
      must(body('--identity <identityId>', 'identityId', 'to whom')),
      body('--credential <credentialId>', 'credentialId', 'on a credential'),
      body('--set <setId>', 'setId', 'on a management set'),
      flag('--view-accounts', 'rights.viewAccounts', 'see that it is there'),
      flag('--view-passwords', 'rights.viewPasswords', 'check it out'),
      flag('--request-passwords', 'rights.requestPasswords', 'ask for it'),
      flag('--grant-requests', 'rights.grantRequests', 'grant what others ask for'),
      flag('--remote-sessions', 'rights.remoteSessions', 'use it for remote sessions'),
      flag('--spin', 'rights.spin', 'have it changed'),
    ],
    examples: [
      'gatehouse vault delegations give --identity <identityId> --set <setId> --view-accounts --remote-sessions',
    ],
  },
  {
    name: 'delegations take',
    does: 'rights away',
    method: 'DELETE',
    path: '/api/delegations/:delegationId',
    examples: ['gatehouse vault delegations take <delegationId>'],
  },
  {
    name: 'impersonations list',
    does: 'who may act as whom',
    method: 'GET',
    path: '/api/impersonations',
    paged: true,
    options: [query('--identity <identityId>', 'identityId', 'of an identity')],
    columns: ['identityId', 'identity', 'targetId', 'target'],
    examples: ['gatehouse vault impersonations list'],
  },
  {
    name: 'impersonations add',
    does: 'let an identity act as another, or as whoever has a role',
    method: 'PUT',
    path: '/api/impersonations/:identityId/:targetId',
    examples: ['gatehouse vault impersonations add <identityId> <targetId>'],
  },
  {
    name: 'impersonations remove',
    does: 'let it no more',
    method: 'DELETE',
    path: '/api/impersonations/:identityId/:targetId',
    examples: ['gatehouse vault impersonations remove <identityId> <targetId>'],
  },
  {
    name: 'registrations list',
    does: 'programs that may call the web services',
    method: 'GET',
    path: '/api/registrations',
    paged: true,
    columns: ['registrationId', 'name', 'networks', 'enabled', 'usedAt'],
    examples: ['gatehouse vault registrations list'],
  },
  {
    name: 'registrations add',
    does: 'a program; prints its key once',
    method: 'POST',
    path: '/api/registrations',
    options: [
      must(body('--name <name>', 'name', 'its name')),
      body('--networks <network...>', 'networks', '10.1.0.0/16 …; left out: from anywhere', 'list'),
    ],
    examples: ['gatehouse vault registrations add --name ECM --networks 10.1.0.0/16'],
  },
  {
    name: 'registrations change',
    does: 'where it may call from, or stop it',
    method: 'PATCH',
    path: '/api/registrations/:registrationId',
    options: [
      body('--networks <network...>', 'networks', 'in place of those before', 'list'),
      body('--enabled <yes>', 'enabled', 'true or false', 'boolean'),
    ],
    examples: ['gatehouse vault registrations change <registrationId> --enabled false'],
  },
  {
    name: 'registrations delete',
    does: 'end a registration',
    method: 'DELETE',
    path: '/api/registrations/:registrationId',
    examples: ['gatehouse vault registrations delete <registrationId>'],
  },
];
