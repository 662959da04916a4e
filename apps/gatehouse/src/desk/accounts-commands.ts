import { type ApiCommand, body, must, nounCommands, query } from '../commands/index.ts';

const permissions = body('--permission <permission...>', 'permissions', 'such as cases.read and notes.write', 'list');

/** Commands about accounts of programs, and about who did what. */
export const accountsCommands: readonly ApiCommand[] = [
  ...nounCommands({
    ...{ program: 'desk', noun: 'accounts', path: '/api/accounts', id: 'id' },
    columns: ['id', 'login', 'permissions', 'enabled', 'tokenBegins', 'lastUsedAt'],
    list: { does: 'what programs read and write cases with', examples: [''] },
    show: { does: 'an account, by id or login', examples: ['sessions'] },
    add: {
      does: 'an account; its token is printed once',
      options: [must(body('--login <login>', 'login', 'what its notes are signed with')), must(permissions)],
      examples: ['--login sessions --permission cases.read cases.write notes.read notes.write people.read --json'],
    },
    change: {
      does: 'what an account may do, or switch it off',
      options: [permissions, body('--enabled <yes>', 'enabled', 'true or false', 'boolean')],
      examples: ['sessions --enabled false'],
    },
    delete: { does: 'an account: its token opens nothing', examples: ['sessions'] },
  }),
  {
    name: 'accounts token',
    does: 'another token, printed once; the former opens nothing',
    method: 'POST',
    path: '/api/accounts/:id/token',
    examples: ['gatehouse desk accounts token sessions --json'],
  },
  {
    name: 'audit list',
    does: 'who did what, newest first',
    method: 'GET',
    path: '/api/audit',
    paged: true,
    columns: ['at', 'actor', 'action', 'target', 'correlationId'],
    options: [query('--search <words>', 'search', 'words to find')],
    examples: ['gatehouse desk audit list --search SC-1001'],
  },
];
