import { type ApiCommand, body, must, nounCommands } from '../commands/index.ts';

const one = '/api/connections/:connectionId';
const name = body('--name <name>', 'name', 'how it is called here');
const site = body('--site <siteId>', 'siteId', 'the site, by its id in sites list');
const settings = body('--settings <file>', 'settings', 'a JSON file with the settings of the adapter', 'json');
const senders = body('--sender <host...>', 'senders', 'hosts and networks that events may come from', 'list');
const rest = [
  body(
    ...(['--to <whom>', 'assignment.to'] as const),
    'to whom customers come: me, assignee, person-field, team-field, group, general, team or representative',
  ),
  body('--field <name>', 'assignment.field', 'the field of the ticket, with person-field and team-field'),
  body('--team <name>', 'assignment.team', 'the team, with team'),
  body('--representative <username>', 'assignment.username', 'the representative, with representative'),
  body('--key-seconds <seconds>', 'keySeconds', 'how long keys are valid', 'number'),
  body('--unstarted <policy>', 'unstarted', 'sessions that no ticket started: ignore, attach or create'),
  body('--redact <pattern...>', 'redact', 'regular expressions of what is blacked out', 'list'),
  body('--template <file>', 'template', 'the report in Liquid and HTML; an empty file: the usual one', 'file'),
  body('--mail-subject <line>', 'mailSubject', 'of the mail with a session key, in Liquid'),
  body('--mail-template <file>', 'mailTemplate', 'its words, in Liquid; an empty file: as the site words it', 'file'),
  body('--transcripts <yes>', 'transcripts', 'true mails customers what was said', 'boolean'),
  body('--end-status <status>', 'endStatus', 'where a ticket goes when its session has ended; empty: nowhere'),
  body('--enabled <yes>', 'enabled', 'true or false', 'boolean'),
];

/** Commands about desks that this program works for. */
export const connectionsCommands: readonly ApiCommand[] = [
  ...nounCommands({
    ...{ program: 'desk', noun: 'connections', path: '/api/connections', id: 'connectionId' },
    columns: ['connectionId', 'name', 'desk', 'site', 'enabled', 'dead', 'lastEventAt'],
    list: { does: 'connections of desks and sites', examples: ['', '--json'] },
    show: { does: 'a connection, without its secrets', examples: ['--connection Cases --json'] },
    add: {
      does: 'a connection; the address for events is printed once',
      options: [
        must(name),
        must(body('--desk <adapter>', 'desk', 'the adapter, by its id in connections desks')),
        ...[site, settings, senders].map(must),
        ...rest,
      ],
      examples: [
        '--name Cases --desk builtin --site <siteId> --settings desk.json --sender support.example.com --to assignee',
      ],
    },
    change: {
      does: 'a connection; what is left out stays, secrets of the settings too',
      options: [name, site, settings, senders, ...rest],
      examples: ['--connection Cases --enabled false', '--connection Cases --to team --team "First line"'],
    },
    delete: { does: 'a connection with its events and sessions', examples: ['--connection Cases'] },
  }),
  {
    name: 'connections desks',
    does: 'the adapters, each with the schema of its settings with --json',
    method: 'GET',
    path: '/api/desks',
    paged: true,
    columns: ['id', 'name', 'summary'],
    examples: ['gatehouse desk connections desks', 'gatehouse desk connections desks --json'],
  },
  {
    name: 'connections preview-mail',
    does: 'what comes of mail templates',
    method: 'POST',
    path: '/api/mail-templates/preview',
    options: [
      body('--mail-subject <line>', 'mailSubject', 'in Liquid'),
      body('--mail-template <file>', 'mailTemplate', 'a file, in Liquid', 'file'),
    ],
    examples: ['gatehouse desk connections preview-mail --mail-template invitation.txt'],
  },
  {
    name: 'connections try',
    does: 'try settings of a desk before they are saved, step by step',
    method: 'POST',
    path: '/api/connections/test',
    options: [must(body('--desk <adapter>', 'desk', 'the adapter, by its id in connections desks')), must(settings)],
    examples: ['gatehouse desk connections try --desk builtin --settings desk.json'],
  },
  {
    name: 'connections test',
    does: 'try the desk, step by step',
    method: 'POST',
    path: `${one}/test`,
    examples: ['gatehouse desk connections test --connection Cases'],
  },
  {
    name: 'connections secret',
    does: 'another address for events, printed once; the former ends',
    method: 'POST',
    path: `${one}/secret`,
    examples: ['gatehouse desk connections secret --connection Cases --json'],
  },
  {
    name: 'connections set-up',
    does: 'what is run on the desk once; it may hold a secret',
    method: 'GET',
    path: `${one}/set-up`,
    examples: ['gatehouse desk connections set-up --connection Redmine --json'],
  },
];
