import { type ApiCommand, query } from '../command.ts';

const filters = [
  query('--event <event>', 'event', 'name or number: 2002'),
  query('--actor <words>', 'actor', 'part of a name'),
  query('--target <words>', 'target', 'part of what it was done to'),
  query('--correlation <id>', 'correlationId', 'everything of one request'),
  query('--from <time>', 'from', 'ISO 8601: not before'),
  query('--until <time>', 'until', 'ISO 8601: before'),
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
];
