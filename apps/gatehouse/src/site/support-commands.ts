import { type ApiCommand, body, must, query } from '../commands/index.ts';

const recipient = '/api/outbound-events/recipients/:id';
const supportHold = '/api/support-sessions/:lsid/hold';
const lsid = '0123456789abcdef0123456789abcdef';
const soughtSupport = [
  query('--search <words>', 'search', 'names of whoever was in one, tickets, attributes, ids'),
  query('--live <true|false>', 'live', 'only those that go on'),
  query('--held <true|false>', 'held', 'those that somebody keeps, or the others'),
  query('--from <time>', 'from', 'those that began then or later, such as 2026-11-28T08:00:00Z'),
  query('--until <time>', 'until', 'those that began before'),
];

/** Remote support: sessions, keys, and who is told of them. */
export const supportCommands: readonly ApiCommand[] = [
  {
    ...{ name: 'surveys show', does: 'what customers or representatives are asked at the end', method: 'GET' },
    path: '/api/surveys/:kind',
    examples: ['gatehouse site surveys show customer --json > survey.json'],
  },
  {
    ...{ name: 'surveys change', does: 'change what one side is asked', method: 'PUT', path: '/api/surveys/:kind' },
    options: [must(body('--file <file>', '', 'a file with the whole, as show prints it as JSON', 'json'))],
    examples: [
      'gatehouse site surveys change customer --file survey.json',
      'gatehouse site surveys change representative --file survey.json --json',
    ],
  },
  {
    ...{ name: 'outbound-recipients secret', does: 'make a new signing secret; printed this once' },
    ...{ method: 'POST', path: `${recipient}/secret` },
    examples: ['gatehouse site outbound-recipients secret 1 --json'],
  },
  {
    ...{ name: 'outbound-recipients set-token', does: 'set the token that is added to its URL' },
    ...{ method: 'PUT', path: `${recipient}/token` },
    options: [must(body('--token-file <file>', 'token', 'a file with it', 'secret'))],
    examples: ['gatehouse site outbound-recipients set-token 1 --token-file token.txt'],
  },
  {
    ...{ name: 'outbound-recipients test', does: 'send a test now, and say what came back' },
    ...{ method: 'POST', path: `${recipient}/test` },
    examples: ['gatehouse site outbound-recipients test 1'],
  },
  {
    ...{ name: 'outbound-recipients deliveries', does: 'what was sent to it and what waits' },
    ...{ method: 'GET', path: `${recipient}/deliveries`, paged: true },
    columns: ['deliveryId', 'at', 'event', 'lsid', 'state', 'tries', 'status', 'error'],
    options: [
      query('--state <state>', 'state', 'queued, delivered or given_up'),
      query('--search <words>', 'search', 'what its event, session or error holds'),
    ],
    examples: [
      'gatehouse site outbound-recipients deliveries 1 --state given_up',
      'gatehouse site outbound-recipients deliveries 1 --search survey --all --json',
    ],
  },
  {
    ...{ name: 'outbound-recipients replay', does: 'send everything since a time again' },
    ...{ method: 'POST', path: `${recipient}/replay` },
    options: [must(body('--since <time>', 'since', 'such as 2026-11-28T08:00:00Z'))],
    examples: ['gatehouse site outbound-recipients replay 1 --since 2026-11-28T08:00:00Z'],
  },
  {
    ...{ name: 'outbound-recipients replay-one', does: 'send one delivery again', method: 'POST' },
    path: `${recipient}/deliveries/:deliveryId/replay`,
    examples: ['gatehouse site outbound-recipients replay-one 1 0198c7a0-0000-7000-8000-000000000000'],
  },
  {
    ...{ name: 'support-sessions list', does: 'customers who wait, are helped or were helped' },
    ...{ method: 'GET', path: '/api/support-sessions', paged: true },
    columns: ['lsid', 'customer', 'state', 'queue', 'priority', 'externalKey', 'beganAt', 'endReason'],
    options: soughtSupport,
    examples: [
      'gatehouse site support-sessions list --live true',
      'gatehouse site support-sessions list --search INC-7 --from 2026-11-01T00:00:00Z --json',
    ],
  },
  {
    ...{ name: 'support-sessions end', does: 'end one that goes on', method: 'POST' },
    path: '/api/support-sessions/:lsid/end',
    examples: [`gatehouse site support-sessions end ${lsid}`],
  },
  {
    ...{ name: 'support-sessions export', does: 'all that match as CSV', method: 'GET', streamed: true },
    ...{ path: '/api/support-sessions/export.csv', options: soughtSupport },
    examples: ['gatehouse site support-sessions export --from 2026-11-01T00:00:00Z > sessions.csv'],
  },
  {
    ...{ name: 'support-sessions export-json', does: 'all that match as JSON', method: 'GET', streamed: true },
    ...{ path: '/api/support-sessions/export.json', options: soughtSupport },
    examples: ['gatehouse site support-sessions export-json --held true > sessions.json'],
  },
  {
    ...{ name: 'support-sessions file', does: 'a file that was sent in one', method: 'GET', streamed: true },
    path: '/api/support-sessions/:lsid/files/:file',
    examples: [`gatehouse site support-sessions file ${lsid} 0198c7a0-0000-4000-8000-000000000000 > file`],
  },
  {
    ...{ name: 'support-sessions recording', does: 'a screen that was shared in one', method: 'GET', streamed: true },
    path: '/api/support-sessions/:lsid/recordings/:file',
    examples: [`gatehouse site support-sessions recording ${lsid} 0198c7a0-0000-4000-8000-000000000000 > screen.webm`],
  },
  {
    ...{ name: 'support-sessions shells', does: 'recorded shells of the machine of one', method: 'GET' },
    path: '/api/support/sessions/:lsid/machine/shells',
    examples: [`gatehouse site support-sessions shells ${lsid} --json`],
  },
  {
    ...{ name: 'support-sessions shell', does: 'what was seen in a shell', method: 'GET', streamed: true },
    path: '/api/support/sessions/:lsid/machine/shells/:shell/recording',
    examples: [`gatehouse site support-sessions shell ${lsid} 0198c7a0-0000-7000-8000-000000000000 > shell.cast`],
  },
  {
    ...{ name: 'support-sessions held', does: 'who keeps one whatever the retention says, and why', method: 'GET' },
    ...{ path: supportHold, examples: [`gatehouse site support-sessions held ${lsid}`] },
  },
  {
    ...{ name: 'support-sessions hold', does: 'keep one whatever the retention says', method: 'PUT' },
    ...{ path: supportHold, options: [must(body('--reason <words>', 'reason', 'why it is kept'))] },
    examples: [`gatehouse site support-sessions hold ${lsid} --reason "Case 12"`],
  },
  {
    ...{ name: 'support-sessions unhold', does: 'leave one to the retention again', method: 'DELETE' },
    ...{ path: supportHold, examples: [`gatehouse site support-sessions unhold ${lsid}`] },
  },
  {
    ...{ name: 'support-sessions show', does: 'one with everything that happened in it' },
    ...{ method: 'GET', path: '/api/support-sessions/:lsid' },
    examples: [`gatehouse site support-sessions show ${lsid} --json`],
  },
  {
    ...{ name: 'session-keys make', does: 'a session key, printed this once; for those who may provide support' },
    ...{ method: 'POST', path: '/api/support/session-keys' },
    options: [
      must(body('--queue <queue>', 'queue', 'general, team:<id>, rep:<id> or issue:<code name>')),
      body('--seconds <seconds>', 'ttl', 'how long it is valid', 'number'),
      body('--external-key <key>', 'externalKey', 'the ticket'),
      body('--email <address>', 'email', 'whom the invitation is sent to'),
    ],
    examples: ['gatehouse site session-keys make --queue general --email carol@customer.example'],
  },
  {
    ...{ name: 'session-keys list', does: 'session keys that are valid' },
    ...{ method: 'GET', path: '/api/session-keys', paged: true },
    columns: ['id', 'queueName', 'externalKey', 'madeBy', 'expiresAt', 'uses', 'mostUses'],
    options: [query('--search <words>', 'search', 'who made them, queues, issues, tickets')],
    examples: ['gatehouse site session-keys list', 'gatehouse site session-keys list --search INC-7 --json'],
  },
  {
    ...{ name: 'session-keys revoke', does: 'let a session key open nothing', method: 'DELETE' },
    ...{ path: '/api/session-keys/:id', examples: ['gatehouse site session-keys revoke 7'] },
  },
];
