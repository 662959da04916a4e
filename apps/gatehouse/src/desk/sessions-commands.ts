import { type ApiCommand, query } from '../commands/index.ts';

const session = '/api/support-sessions/:connectionId/:lsid';
const ofConnection = query('--connection <id>', 'connectionId', 'of one connection, by its id');

/** Commands about what sites told, and the sessions that came of it. */
export const sessionsCommands: readonly ApiCommand[] = [
  {
    name: 'events list',
    does: 'events that came, newest first',
    method: 'GET',
    path: '/api/events',
    paged: true,
    columns: ['eventId', 'receivedAt', 'event', 'lsid', 'sender', 'problem'],
    options: [ofConnection, query('--problems', 'problems', 'those of which nothing could be made', 'flag')],
    examples: ['gatehouse desk events list', 'gatehouse desk events list --problems --json'],
  },
  {
    name: 'events replay',
    does: 'work on an event again',
    method: 'POST',
    path: '/api/events/:eventId/replay',
    examples: ['gatehouse desk events replay <eventId>'],
  },
  {
    name: 'sessions list',
    does: 'support sessions, newest first',
    method: 'GET',
    path: '/api/support-sessions',
    paged: true,
    columns: ['lsid', 'ticketNumber', 'state', 'outcome', 'customer', 'representative', 'beganAt', 'problem'],
    options: [
      ofConnection,
      query('--ticket <id>', 'ticketId', 'of one ticket, by its id at the desk'),
      query('--dead', 'dead', 'those that were given up', 'flag'),
    ],
    examples: ['gatehouse desk sessions list', 'gatehouse desk sessions list --dead --json'],
  },
  {
    name: 'sessions show',
    does: 'a support session with its report',
    method: 'GET',
    path: session,
    examples: ['gatehouse desk sessions show <lsid> --connection Cases --json'],
  },
  {
    name: 'sessions transcript',
    does: 'what was said, as a file',
    method: 'GET',
    path: `${session}/transcript`,
    streamed: true,
    options: [query('--form <form>', 'form', 'text, which it is unless said otherwise, html or json')],
    examples: ['gatehouse desk sessions transcript <lsid> --connection Cases --form html > chat.html'],
  },
  {
    name: 'sessions export',
    does: 'the report of a support session, as JSON',
    method: 'GET',
    path: `${session}/export`,
    streamed: true,
    examples: ['gatehouse desk sessions export <lsid> --connection Cases > session.json'],
  },
  {
    name: 'sessions recording',
    does: 'a recording, by its number from 1; who had it is noted',
    method: 'GET',
    path: `${session}/recordings/:number`,
    streamed: true,
    examples: ['gatehouse desk sessions recording <lsid> 1 --connection Cases > screen.webm'],
  },
  {
    name: 'sessions file',
    does: 'a file that was sent, by its number from 1; who had it is noted',
    method: 'GET',
    path: `${session}/files/:number`,
    streamed: true,
    examples: ['gatehouse desk sessions file <lsid> 1 --connection Cases > log.txt'],
  },
  {
    name: 'sessions replay',
    does: 'look at a support session again',
    method: 'POST',
    path: `${session}/replay`,
    examples: ['gatehouse desk sessions replay <lsid> --connection Cases'],
  },
];
