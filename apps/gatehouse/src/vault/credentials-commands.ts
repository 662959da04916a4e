import { type ApiCommand, body, must, nounCommands, query } from '../commands/index.ts';

const secret = [
  body('--secret-file <file>', 'secret', 'a file with the password or private key', 'secret'),
  body('--random', 'secret', 'let the vault make one', 'random'),
];
const described = [body('--comment <text>', 'comment', 'a comment'), body('--asset-tag <text>', 'assetTag', 'a tag')];

const reached = [
  body('--address <address>', 'address', 'where it is reached: web1.example.com:2222'),
  body('--trust <key...>', 'trust', 'fingerprints SHA256:… that are trusted', 'list'),
  body('--platform <platformId>', 'platformId', 'of a system of the kind other: its custom platform'),
  ...described,
];
const platform = [
  must(body('--name <name>', 'name', 'its name, and in brackets the namespace of its accounts')),
  body('--comment <text>', 'comment', 'a comment'),
  must(body('--rules-file <file>', 'rules', 'a file with its rules, as "platforms show --json" has them', 'json')),
];

/** Commands about systems, credentials, management sets. */
export const credentialsCommands: readonly ApiCommand[] = [
  ...nounCommands({
    ...{ program: 'vault', noun: 'systems', path: '/api/systems', id: 'systemId' },
    columns: ['systemId', 'name', 'kind', 'address', 'port', 'domainNetbios', 'platformName', 'credentials'],
    list: {
      does: 'computers, domains and databases',
      options: [
        query('--search <words>', 'search', 'words to find'),
        query('--kind <kind>', 'kind', 'windows, domain, linux, postgresql, mysql, sqlserver, other'),
        query('--set <setId>', 'setId', 'those of a management set'),
        query('--platform <platformId>', 'platformId', 'those of a custom platform'),
      ],
      examples: ['--kind linux', '--search web --json'],
    },
    show: { does: 'a system', examples: ['<systemId>'] },
    add: {
      does: 'a system',
      options: [
        must(body('--name <name>', 'name', 'as people call it')),
        must(body('--kind <kind>', 'kind', 'windows, domain, linux, postgresql, mysql, sqlserver, other')),
        body('--domain-netbios <name>', 'domainNetbios', 'the domain that it is, or is in'),
        body('--domain-dns <name>', 'domainDns', 'its full name'),
        ...reached,
      ],
      examples: [
        '--name web1 --kind linux --address web1.example.com',
        '--name r1 --kind other --platform <platformId>',
      ],
    },
    change: {
      does: 'a system',
      options: [
        body('--name <name>', 'name', 'its name'),
        body('--login <credentialId>', 'loginCredentialId', 'whose rights change other passwords there'),
        ...reached,
      ],
      examples: ['<systemId> --address 192.0.2.7'],
    },
    delete: { does: 'a system without credentials', examples: ['<systemId>'] },
  }),
  ...nounCommands({
    ...{ program: 'vault', noun: 'platforms', path: '/api/platforms', id: 'platformId' },
    columns: ['platformId', 'name', 'rules.how', 'systems', 'comment'],
    list: {
      does: 'custom platforms: systems that an administrator describes',
      options: [query('--search <words>', 'search', 'words to find')],
      examples: ['', '--search radio --json'],
    },
    show: { does: 'how passwords of a platform are verified and changed', examples: ['<platformId> --json'] },
    add: { does: 'a custom platform', options: platform, examples: ['--name Radio --rules-file radio.json'] },
    change: {
      ...{ does: 'a custom platform, as a whole', method: 'PUT', options: platform },
      examples: ['<platformId> --name Radio --rules-file radio.json'],
    },
    delete: { does: 'a custom platform that no system has', examples: ['<platformId>'] },
  }),
  {
    name: 'credentials list',
    does: 'accounts whose secrets the vault keeps',
    method: 'GET',
    path: '/api/credentials',
    paged: true,
    options: [
      query('--search <words>', 'search', 'words to find'),
      query('--system <systemId>', 'systemId', 'of a system'),
      query('--set <setId>', 'setId', 'of a management set'),
      query('--type <type>', 'type', 'linux, ssh_key, windows, postgresql, mysql, sqlserver, custom'),
    ],
    columns: [
      'credentialId',
      'systemName',
      'namespace',
      'accountName',
      'instanceName',
      'type',
      'hasSecret',
      'isVerified',
    ],
    examples: ['gatehouse vault credentials list --search root', 'gatehouse vault credentials list --all --json'],
  },
  {
    name: 'credentials show',
    does: 'a credential, never its secret',
    method: 'GET',
    path: '/api/credentials/:credentialId',
    examples: ['gatehouse vault credentials show <credentialId>'],
  },
  {
    name: 'credentials add',
    does: 'an account of a system',
    method: 'POST',
    path: '/api/credentials',
    options: [
      must(body('--system <systemId>', 'systemId', 'where it is')),
      must(body('--account <name>', 'accountName', 'its name, without the namespace')),
      body('--namespace <namespace>', 'namespace', 'left out: that of local accounts'),
      body('--instance <database>', 'instanceName', 'the database'),
      body('--type <type>', 'type', 'ssh_key for a key; left out: a password'),
      body('--policy <policyId>', 'policyId', 'how its passwords are made'),
      body('--auto-spin', 'autoSpin', 'change it after each check-in', 'flag'),
      ...[...secret, ...described],
    ],
    examples: ['gatehouse vault credentials add --system <systemId> --account root --secret-file root.txt'],
  },
  {
    name: 'credentials store',
    does: 'a new secret of a credential',
    method: 'PUT',
    path: '/api/credentials/:credentialId/secret',
    options: [
      body('--secret-file <file>', '', 'a file with the password or private key', 'secret'),
      body('--random', '', 'let the vault make one', 'random'),
    ],
    examples: ['gatehouse vault credentials store <credentialId> --random'],
  },
  {
    name: 'credentials change',
    does: 'a credential, but not its secret',
    method: 'PATCH',
    path: '/api/credentials/:credentialId',
    options: [
      body('--policy <policyId>', 'policyId', 'how its passwords are made'),
      body('--auto-spin <yes>', 'autoSpin', 'change it after each check-in: true or false', 'boolean'),
      ...described,
    ],
    examples: ['gatehouse vault credentials change <credentialId> --auto-spin true'],
  },
  {
    name: 'credentials spin',
    does: 'the password anew, now; prints the job',
    method: 'POST',
    path: '/api/credentials/:credentialId/change',
    examples: ['gatehouse vault credentials spin <credentialId>'],
  },
  {
    name: 'credentials verify',
    does: 'sign in with the stored password to see if it works; prints the job',
    method: 'POST',
    path: '/api/credentials/:credentialId/verify',
    examples: ['gatehouse vault credentials verify <credentialId> --json'],
  },
  {
    name: 'credentials delete',
    does: 'a credential with every secret it had',
    method: 'DELETE',
    path: '/api/credentials/:credentialId',
    examples: ['gatehouse vault credentials delete <credentialId>'],
  },
  {
    name: 'credentials import',
    does: 'add and change credentials from a CSV file',
    method: 'POST',
    path: '/api/credentials/import',
    upload: true,
    options: [
      query('--skip <rows>', 'skip', 'faulty: leave wrong rows out instead of refusing the file'),
      query('--existing <what>', 'existing', 'keep: leave credentials that are there as they are'),
    ],
    examples: [
      'gatehouse vault credentials import all.csv',
      'gatehouse vault credentials import all.csv --skip faulty',
    ],
  },
  {
    name: 'credentials export',
    does: 'every credential as CSV, without passwords',
    method: 'GET',
    path: '/api/credentials/export.csv',
    streamed: true,
    options: [query('--set <setId>', 'setId', 'those of a management set')],
    examples: ['gatehouse vault credentials export > all.csv'],
  },
  {
    name: 'credentials export-sealed',
    does: 'every credential with its password, sealed to a passphrase; where the vault runs with --reveal',
    method: 'POST',
    path: '/api/credentials/export',
    streamed: true,
    options: [
      must(body('--passphrase-file <file>', 'passphrase', 'a file with 16 characters or more', 'file')),
      body('--set <setId>', 'setId', 'those of a management set'),
    ],
    examples: ['gatehouse vault credentials export-sealed --passphrase-file phrase.txt > all.sealed'],
  },
  ...nounCommands({
    ...{ program: 'vault', noun: 'sets', path: '/api/sets', id: 'setId' },
    columns: ['setId', 'name', 'systems', 'comment'],
    list: { does: 'management sets', examples: [''] },
    add: {
      does: 'a management set',
      options: [must(body('--name <name>', 'name', 'its name')), body('--comment <text>', 'comment', 'a comment')],
      examples: ['--name "Web servers"'],
    },
    delete: { does: 'a management set; its systems stay', examples: ['<setId>'] },
  }),
  {
    name: 'sets systems',
    does: 'the systems of a management set',
    method: 'GET',
    path: '/api/sets/:setId/systems',
    paged: true,
    columns: ['systemId', 'name', 'kind', 'address'],
    examples: ['gatehouse vault sets systems <setId>'],
  },
  {
    name: 'sets put',
    does: 'a system into a management set',
    method: 'PUT',
    path: '/api/sets/:setId/systems/:systemId',
    examples: ['gatehouse vault sets put <setId> <systemId>'],
  },
  {
    name: 'sets take',
    does: 'a system out of a management set',
    method: 'DELETE',
    path: '/api/sets/:setId/systems/:systemId',
    examples: ['gatehouse vault sets take <setId> <systemId>'],
  },
];
