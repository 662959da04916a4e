import { type ApiCommand, body, must, nounCommands, query } from '../commands/index.ts';

const login = body('--login <login>', 'login', 'what other systems know them by; left out: the address');
const role = body('--role <role>', 'role', 'customer, technician or manager');

/** Commands about customers and those who work at the desk. */
export const peopleCommands: readonly ApiCommand[] = [
  ...nounCommands({
    ...{ program: 'desk', noun: 'people', path: '/api/desk/people', id: 'id' },
    columns: ['id', 'login', 'name', 'email', 'role', 'signsIn'],
    list: {
      does: 'customers, and those who work at the desk',
      options: [
        query('--search <words>', 'search', 'in names, logins and addresses'),
        query('--role <role>', 'role', 'customer, technician or manager'),
      ],
      examples: ['', '--role technician --json'],
    },
    show: { does: 'somebody, by id or login', examples: ['ann'] },
    add: {
      does: 'a customer; with another role somebody is invited, and the link is printed once',
      options: [
        must(body('--name <name>', 'name', 'their name')),
        body('--email <address>', 'email', 'their address'),
        ...[login, role],
      ],
      examples: ['--name "Zoë" --email zoe@customer.example', '--name Ada --email ada@example.com --role technician'],
    },
    change: {
      does: 'somebody, and what they may do',
      options: [
        body('--name <name>', 'name', 'their name'),
        body('--email <address>', 'email', 'their address'),
        ...[login, role],
      ],
      examples: ['ann --role manager'],
    },
    delete: { does: 'a customer who has no case', examples: ['zoe@customer.example'] },
  }),
  {
    name: 'people sign-ins',
    does: 'everybody who may sign in, with the id of their sign-in',
    method: 'GET',
    path: '/api/people',
    paged: true,
    columns: ['personId', 'name', 'email', 'systemAdministrator', 'twoFactor', 'welcomed', 'lastSignInAt'],
    examples: ['gatehouse desk people sign-ins'],
  },
  {
    name: 'people link',
    does: 'a link with which somebody sets a new password',
    method: 'POST',
    path: '/api/people/:personId/link',
    examples: ['gatehouse desk people link <personId>'],
  },
  {
    name: 'people administer',
    does: 'make somebody a system administrator, or no longer',
    method: 'PATCH',
    path: '/api/people/:personId',
    options: [must(body('--system-administrator <yes>', 'systemAdministrator', 'true or false', 'boolean'))],
    examples: ['gatehouse desk people administer <personId> --system-administrator true'],
  },
  {
    name: 'people sign-out',
    does: 'take the sign-in of somebody away: their sign-ins and API keys end at once',
    method: 'DELETE',
    path: '/api/people/:personId',
    examples: ['gatehouse desk people sign-out <personId>'],
  },
];
