import { type ApiCommand, body, must, nounCommands, query } from '../commands/index.ts';

const entry = [
  body('--system <name>', 'systemName', 'host or label; left out: good everywhere'),
  body('--comment <text>', 'comment', 'a comment'),
  body('--secret-file <file>', 'secret', 'a file with the password', 'secret'),
  body('--random', 'secret', 'let the vault make one', 'random'),
];

/** Commands about shared credential lists. */
export const listsCommands: readonly ApiCommand[] = [
  ...nounCommands({
    ...{ program: 'vault', noun: 'lists', path: '/api/lists', id: 'listId' },
    columns: ['listId', 'name', 'entries', 'comment'],
    list: { does: 'shared credential lists', examples: [''] },
    add: {
      does: 'a shared list',
      options: [must(body('--name <name>', 'name', 'its name')), body('--comment <text>', 'comment', 'a comment')],
      examples: ['--name Routers'],
    },
    delete: { does: 'an empty shared list', examples: ['<listId>'] },
  }),
  {
    name: 'lists entries',
    does: 'the accounts of a list',
    method: 'GET',
    path: '/api/lists/:listId/entries',
    paged: true,
    options: [query('--search <words>', 'search', 'words to find')],
    columns: ['entryId', 'systemName', 'accountName', 'comment', 'secretAt'],
    examples: ['gatehouse vault lists entries <listId>'],
  },
  {
    name: 'lists put',
    does: 'an account into a list',
    method: 'POST',
    path: '/api/lists/:listId/entries',
    options: [must(body('--account <name>', 'accountName', 'its name')), ...entry],
    examples: ['gatehouse vault lists put <listId> --system r1 --account admin --secret-file r1.txt'],
  },
  {
    name: 'lists change',
    does: 'an account of a list',
    method: 'PATCH',
    path: '/api/lists/:listId/entries/:entryId',
    options: [body('--account <name>', 'accountName', 'its name'), ...entry],
    examples: ['gatehouse vault lists change <listId> <entryId> --random'],
  },
  {
    name: 'lists take',
    does: 'an account out of a list',
    method: 'DELETE',
    path: '/api/lists/:listId/entries/:entryId',
    examples: ['gatehouse vault lists take <listId> <entryId>'],
  },
  {
    name: 'lists delegations',
    does: 'who may use a list',
    method: 'GET',
    path: '/api/lists/:listId/delegations',
    paged: true,
    columns: ['identityId', 'identity', 'mayEdit'],
    examples: ['gatehouse vault lists delegations <listId>'],
  },
  {
    name: 'lists delegate',
    does: 'let an identity use a list, and change it where --edit true',
    method: 'PUT',
    path: '/api/lists/:listId/delegations/:identityId',
    options: [must(body('--edit <yes>', 'mayEdit', 'true or false', 'boolean'))],
    examples: ['gatehouse vault lists delegate <listId> <identityId> --edit false'],
  },
  {
    name: 'lists revoke',
    does: 'let an identity use a list no more',
    method: 'DELETE',
    path: '/api/lists/:listId/delegations/:identityId',
    examples: ['gatehouse vault lists revoke <listId> <identityId>'],
  },
];
