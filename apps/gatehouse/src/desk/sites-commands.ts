import { type ApiCommand, type ApiOption, body, must, nounCommands } from '../commands/index.ts';

const name = body('--name <name>', 'name', 'how it is called here');
const address = body('--address <url>', 'url', 'where people open it');
const clientId = body('--client-id <id>', 'clientId', 'of an API account of the site');
const clientSecret = body('--client-secret <file>', 'clientSecret', 'a file with the secret of the account', 'file');
const authorities = body(
  ...(['--certificate-authorities <file>', 'certificateAuthorities'] as const),
  ...(['a file in PEM form, where this machine does not trust the site already', 'file'] as const),
);

/** As a member of the settings that are tried. */
const within = (option: ApiOption): ApiOption => ({ ...option, as: `settings.${option.as}` });

/** Commands about sites of remote support. */
export const sitesCommands: readonly ApiCommand[] = [
  ...nounCommands({
    ...{ program: 'desk', noun: 'sites', path: '/api/sites', id: 'siteId' },
    columns: ['siteId', 'name', 'url', 'clientId', 'createdAt'],
    list: { does: 'sites that keys come from and sessions are read from', examples: ['', '--json'] },
    show: { does: 'a site', examples: ['<siteId> --json'] },
    add: {
      does: 'a site',
      options: [...[name, address, clientId, clientSecret].map(must), authorities],
      examples: ['--name Support --address https://support.example.com --client-id 6f1c --client-secret secret.txt'],
    },
    change: {
      does: 'a site; what is left out stays',
      options: [name, address, clientId, clientSecret, authorities],
      examples: ['<siteId> --client-secret secret.txt'],
    },
    delete: { does: 'a site that no connection uses', examples: ['<siteId>'] },
  }),
  {
    name: 'sites try',
    does: 'try a site before it is added, step by step',
    method: 'POST',
    path: '/api/sites/test',
    options: [...[name, address, clientId, clientSecret].map((one) => must(within(one))), within(authorities)],
    examples: [
      'gatehouse desk sites try --name Support --address https://support.example.com --client-id 6f1c --client-secret s.txt',
    ],
  },
  {
    name: 'sites test',
    does: 'try a site, step by step',
    method: 'POST',
    path: '/api/sites/:siteId/test',
    examples: ['gatehouse desk sites test <siteId>'],
  },
];
