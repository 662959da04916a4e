import { type ApiCommand, body, must, nounCommands, query } from '../commands/index.ts';

const comment = body('--comment <text>', 'comment', 'a comment');

/** Commands about teams and who is in them. */
export const teamsCommands: readonly ApiCommand[] = [
  ...nounCommands({
    ...{ program: 'desk', noun: 'teams', path: '/api/teams', id: 'id' },
    columns: ['id', 'name', 'members', 'openCases', 'comment'],
    list: { does: 'teams', options: [query('--search <words>', 'search', 'words to find')], examples: [''] },
    show: { does: 'a team, by id or name', examples: ['"First line"'] },
    add: {
      does: 'a team',
      options: [must(body('--name <name>', 'name', 'its name')), comment],
      examples: ['--name "First line"'],
    },
    change: {
      does: 'a team',
      options: [body('--name <name>', 'name', 'its name'), comment],
      examples: ['"First line" --comment "Takes the phone"'],
    },
    delete: { does: 'a team that has no case', examples: ['"First line"'] },
  }),
  {
    name: 'teams members',
    does: 'who is in a team',
    method: 'GET',
    path: '/api/teams/:id/members',
    paged: true,
    columns: ['id', 'login', 'name', 'email'],
    examples: ['gatehouse desk teams members "First line"'],
  },
  {
    name: 'teams put',
    does: 'somebody into a team',
    method: 'PUT',
    path: '/api/teams/:id/members/:personId',
    examples: ['gatehouse desk teams put "First line" ann'],
  },
  {
    name: 'teams take',
    does: 'somebody out of a team',
    method: 'DELETE',
    path: '/api/teams/:id/members/:personId',
    examples: ['gatehouse desk teams take "First line" ann'],
  },
];
