import { type ApiCommand, body, must, nounCommands, query } from '../commands/index.ts';

const filters = [
  query('--event <event>', 'event', 'name or number: 2002'),
  query('--actor <words>', 'actor', 'part of a name'),
  query('--target <words>', 'target', 'part of what it was done to'),
  query('--correlation <id>', 'correlationId', 'everything of one request'),
  query('--from <time>', 'from', 'ISO 8601: not before'),
  query('--until <time>', 'until', 'ISO 8601: before'),
];

const way = [
  body(
    '--certificate-authorities <file>',
    'certificateAuthorities',
    'of TLS: a file with those that are trusted',
    'file',
  ),
  body('--format <format>', 'format', 'syslog, cef or json'),
];
const place = [
  body('--name <name>', 'name', 'its name'),
  body('--transport <transport>', 'transport', 'tls, tcp or udp'),
  body('--host <host>', 'host', 'host name or address'),
  body('--port <port>', 'port', 'usually 6514 for TLS, 514 for UDP', 'number'),
];

/** Commands about the audit. */
export const auditCommands: readonly ApiCommand[] = [
  {
    name: 'audit list',
    does: 'who did what, newest first',
    method: 'GET',
    path: '/api/audit',
    paged: true,
    options: filters,
    columns: ['seq', 'at', 'eventId', 'actor', 'target', 'message', 'correlationId'],
    examples: ['gatehouse vault audit list --event 2002', 'gatehouse vault audit list --actor sarcher --json'],
  },
  {
    name: 'audit verify',
    does: 'go through the whole chain',
    method: 'POST',
    path: '/api/audit/verify',
    examples: ['gatehouse vault audit verify'],
  },
  {
    name: 'audit export',
    does: 'entries as lines, oldest first',
    method: 'GET',
    path: '/api/audit/export',
    streamed: true,
    options: [query('--format <format>', 'format', 'json, cef or syslog'), ...filters],
    examples: ['gatehouse vault audit export --format cef > audit.cef'],
  },
  ...nounCommands({
    ...{ program: 'vault', noun: 'receivers', path: '/api/audit/receivers', id: 'receiverId' },
    columns: ['receiverId', 'name', 'transport', 'host', 'port', 'health', 'behind', 'acknowledgedSeq', 'advice'],
    list: { does: 'where the audit is sent on to, and how that goes', examples: [''] },
    show: { does: 'a receiver of the audit', examples: ['<receiverId> --json'] },
    add: {
      does: 'a receiver of the audit',
      options: [...place.map(must), ...way, body('--begin <when>', 'begin', 'first or now: the entries that it gets')],
      examples: ['--name SIEM --transport tls --host siem.example.com --port 6514 --certificate-authorities ca.pem'],
    },
    change: {
      does: 'a receiver; it goes on after the newest entry that it has',
      options: [...place, ...way, body('--enabled <yes>', 'enabled', 'true or false', 'boolean')],
      examples: ['<receiverId> --enabled false'],
    },
    delete: { does: 'a receiver of the audit', examples: ['<receiverId>'] },
  }),
  {
    name: 'receivers test',
    does: 'send a test message to a receiver',
    method: 'POST',
    path: '/api/audit/receivers/:receiverId/test',
    examples: ['gatehouse vault receivers test <receiverId>'],
  },
];
