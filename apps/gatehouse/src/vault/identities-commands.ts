import { type ApiCommand, body, must, query } from '../commands/index.ts';

const password = [
  body('--password-file <file>', 'password', 'a file with its password', 'secret'),
  body('--random', 'password', 'let the vault make one; it is shown once', 'random'),
];
const domain = [
  body('--controllers <url...>', 'controllers', 'ldaps://dc1.corp.example …', 'list'),
  body('--certificates <file>', 'certificateAuthorities', 'a PEM file: the only ones that are trusted', 'file'),
  body('--bind-name <name>', 'bindName', 'the account that reads groups'),
  body('--bind-password-file <file>', 'bindPassword', 'a file with its password', 'file'),
];

/** Commands about identities, roles, domains. */
export const identitiesCommands: readonly ApiCommand[] = [
  {
    name: 'identities list',
    does: 'who rights may be given to',
    method: 'GET',
    path: '/api/identities',
    paged: true,
    options: [
      query('--search <words>', 'search', 'words to find'),
      query('--kind <kind>', 'kind', 'explicit, domain_user, domain_group, role, ldap_user'),
    ],
    columns: ['identityId', 'kind', 'name', 'enabled', 'personId', 'maySignIn', 'hasSecondFactor'],
    examples: ['gatehouse vault identities list --kind role'],
  },
  {
    name: 'identities add',
    does: 'an identity',
    method: 'POST',
    path: '/api/identities',
    options: [
      must(body('--kind <kind>', 'kind', 'explicit, domain_user, domain_group, role, ldap_user')),
      must(body('--name <name>', 'name', 'svc-ecm; of domains NS\\sarcher')),
      body('--person <personId>', 'personId', 'who signs in to the pages with it'),
      body('--comment <text>', 'comment', 'a comment'),
      ...password,
    ],
    examples: ['gatehouse vault identities add --kind explicit --name svc-ecm --random'],
  },
  {
    name: 'identities change',
    does: 'an identity',
    method: 'PATCH',
    path: '/api/identities/:identityId',
    options: [
      body('--enabled <yes>', 'enabled', 'true or false', 'boolean'),
      body('--person <personId>', 'personId', 'who signs in to the pages with it'),
      body('--comment <text>', 'comment', 'a comment'),
    ],
    examples: ['gatehouse vault identities change <identityId> --enabled false'],
  },
  {
    name: 'identities second-factor',
    does: 'let an explicit identity log in with a code (TOTP) too; prints the address of its key, once',
    method: 'PUT',
    path: '/api/identities/:identityId/second-factor',
    examples: ['gatehouse vault identities second-factor <identityId>'],
  },
  {
    name: 'identities drop-second-factor',
    does: 'let it log in with its password alone',
    method: 'DELETE',
    path: '/api/identities/:identityId/second-factor',
    examples: ['gatehouse vault identities drop-second-factor <identityId>'],
  },
  {
    name: 'identities password',
    does: 'a new password of an explicit identity',
    method: 'PUT',
    path: '/api/identities/:identityId/password',
    options: [
      body('--password-file <file>', '', 'a file with its password', 'secret'),
      body('--random', '', 'let the vault make one; it is shown once', 'random'),
    ],
    examples: ['gatehouse vault identities password <identityId> --random'],
  },
  {
    name: 'identities delete',
    does: 'an identity; with --force, with its rights',
    method: 'DELETE',
    path: '/api/identities/:identityId',
    options: [query('--force', 'force', 'take its rights along', 'flag')],
    examples: ['gatehouse vault identities delete <identityId> --force'],
  },
  {
    name: 'roles members',
    does: 'who has a role',
    method: 'GET',
    path: '/api/identities/:identityId/members',
    paged: true,
    columns: ['identityId', 'kind', 'name'],
    examples: ['gatehouse vault roles members <identityId>'],
  },
  {
    name: 'roles give',
    does: 'a role to an identity',
    method: 'PUT',
    path: '/api/identities/:identityId/members/:memberId',
    examples: ['gatehouse vault roles give <identityId> <memberId>'],
  },
  {
    name: 'roles take',
    does: 'a role from an identity',
    method: 'DELETE',
    path: '/api/identities/:identityId/members/:memberId',
    examples: ['gatehouse vault roles take <identityId> <memberId>'],
  },
  {
    name: 'directories list',
    does: 'domains whose accounts may sign in',
    method: 'GET',
    path: '/api/directories',
    paged: true,
    columns: ['directoryId', 'netbiosName', 'dnsName', 'controllers', 'bindName'],
    examples: ['gatehouse vault directories list'],
  },
  {
    name: 'directories add',
    does: 'a domain',
    method: 'POST',
    path: '/api/directories',
    options: [
      must(body('--netbios <name>', 'netbiosName', 'NS')),
      must(body('--dns <name>', 'dnsName', 'ns.example.com')),
      ...domain,
    ],
    examples: [
      'gatehouse vault directories add --netbios NS --dns ns.example.com --controllers ldaps://dc1.ns.example.com --bind-name NS\\\\reader --bind-password-file reader.txt',
    ],
  },
  {
    name: 'directories change',
    does: 'a domain; a password that is left out stays',
    method: 'PATCH',
    path: '/api/directories/:directoryId',
    options: domain,
    examples: ['gatehouse vault directories change <directoryId> --bind-password-file reader.txt'],
  },
  {
    name: 'directories test',
    does: 'sign in to a domain and say what failed',
    method: 'POST',
    path: '/api/directories/:directoryId/test',
    examples: ['gatehouse vault directories test <directoryId>'],
  },
  {
    name: 'directories delete',
    does: 'a domain',
    method: 'DELETE',
    path: '/api/directories/:directoryId',
    examples: ['gatehouse vault directories delete <directoryId>'],
  },
];
