import { type ApiCommand, body, must } from '../commands/index.ts';

const ticket = '/api/connections/:connectionId/tickets/:ticket';
const assignment = [
  body('--to <whom>', 'assignment.to', 'me, assignee, general, team or representative; left out: as usual'),
  body('--team <name>', 'assignment.team', 'the team, with team'),
  body('--representative <username>', 'assignment.username', 'the representative, with representative'),
];

/** Commands about what technicians do with a ticket of a desk. */
export const ticketsCommands: readonly ApiCommand[] = [
  {
    ...{ name: 'tickets show', does: 'a ticket, by number or id', method: 'GET', path: ticket },
    examples: ['gatehouse desk tickets show SC-1001 --connection Cases --json'],
  },
  {
    ...{ name: 'tickets preview', does: 'where the customer would wait', method: 'POST', path: `${ticket}/preview` },
    options: assignment,
    examples: ['gatehouse desk tickets preview SC-1001 --connection Cases --to general'],
  },
  {
    ...{ name: 'tickets key', does: 'make a session key and its address', method: 'POST', path: `${ticket}/key` },
    options: assignment,
    examples: ['gatehouse desk tickets key SC-1001 --connection Cases --json'],
  },
  {
    ...{ name: 'tickets send', does: 'send words to the customer', method: 'POST', path: `${ticket}/send` },
    options: [
      must(body('--subject <line>', 'subject', 'of the mail')),
      must(body('--words <file>', 'body', 'a file with the words', 'file')),
    ],
    examples: ['gatehouse desk tickets send SC-1001 --connection Cases --subject "Your session" --words mail.txt'],
  },
];
