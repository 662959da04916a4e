import { type ApiCommand, body, must } from '../commands/index.ts';

/** Commands about people who sign in to the pages. */
export const peopleCommands: readonly ApiCommand[] = [
  {
    name: 'people list',
    does: 'everybody who may sign in to the pages',
    method: 'GET',
    path: '/api/people',
    paged: true,
    columns: ['personId', 'name', 'email', 'systemAdministrator', 'twoFactor', 'welcomed', 'lastSignInAt'],
    examples: ['gatehouse vault people list', 'gatehouse vault people list --all --json'],
  },
  {
    name: 'people invite',
    does: 'somebody; prints the link with which they come in, once',
    method: 'POST',
    path: '/api/people',
    options: [must(body('--email <address>', 'email', 'their address')), body('--name <name>', 'name', 'their name')],
    examples: ['gatehouse vault people invite --email ada@example.com --name "Ada Lovelace"'],
  },
  {
    name: 'people link',
    does: 'a link with which somebody sets a new password',
    method: 'POST',
    path: '/api/people/:personId/link',
    examples: ['gatehouse vault people link <personId>'],
  },
  {
    name: 'people change',
    does: 'make somebody a system administrator, or no longer',
    method: 'PATCH',
    path: '/api/people/:personId',
    options: [must(body('--system-administrator <yes>', 'systemAdministrator', 'true or false', 'boolean'))],
    examples: ['gatehouse vault people change <personId> --system-administrator true'],
  },
  {
    name: 'people delete',
    does: 'somebody: their sign-ins and API keys end at once',
    method: 'DELETE',
    path: '/api/people/:personId',
    examples: ['gatehouse vault people delete <personId>'],
  },
];
