import { type ApiCommand, body, must, query } from '../commands/index.ts';

const columns = ['jobId', 'kind', 'state', 'nextRunAt', 'templateFor', 'comment', 'createdBy'];

/** Commands about jobs, which change and verify passwords. */
export const jobsCommands: readonly ApiCommand[] = [
  {
    name: 'jobs list',
    does: 'jobs, newest first',
    method: 'GET',
    path: '/api/jobs',
    ...{ paged: true, columns },
    options: [
      query('--state <state>', 'state', 'waiting, running, succeeded, failed, partial, cancelled'),
      query('--credential <credentialId>', 'credentialId', 'those of a credential'),
      query('--templates', 'templates', 'templates instead, from which others are made', 'flag'),
    ],
    examples: ['gatehouse vault jobs list --state failed', 'gatehouse vault jobs list --templates --json'],
  },
  {
    name: 'jobs show',
    does: 'a job, how each credential of it stands, and what was said',
    method: 'GET',
    path: '/api/jobs/:jobId',
    examples: ['gatehouse vault jobs show 74', 'gatehouse vault jobs show 74 --json'],
  },
  {
    name: 'jobs add',
    does: 'a job, or a template',
    method: 'POST',
    path: '/api/jobs',
    options: [
      must(body('--kind <kind>', 'kind', 'password_change, ssh_key_change or verify')),
      body('--credential <credentialId...>', 'credentialIds', 'whose passwords', 'list'),
      body('--template-for <type>', 'templateFor', 'makes it a template for credentials of this type'),
      body(
        '--schedule-file <file>',
        'schedule',
        'a file such as {"kind":"daily","hour":2,"minute":30}, in UTC',
        'json',
      ),
      body('--comment <text>', 'comment', '<username> becomes the name of whoever makes it'),
      body('--if-checked-out <what>', 'settings.ifCheckedOut', 'wait, cancel or change'),
      body('--attempts <n>', 'settings.attempts', 'at most, of each credential', 'number'),
    ],
    examples: [
      'gatehouse vault jobs add --kind password_change --credential <credentialId> <credentialId>',
      'gatehouse vault jobs add --kind password_change --template-for linux',
    ],
  },
  {
    name: 'jobs run',
    does: 'let a job begin now, whatever its schedule',
    method: 'POST',
    path: '/api/jobs/:jobId/run',
    examples: ['gatehouse vault jobs run 75'],
  },
  {
    name: 'jobs cancel',
    does: 'a job; what is under way ends by itself',
    method: 'POST',
    path: '/api/jobs/:jobId/cancel',
    examples: ['gatehouse vault jobs cancel 75'],
  },
  {
    name: 'jobs delete',
    does: 'a job that is over, or a template',
    method: 'DELETE',
    path: '/api/jobs/:jobId',
    examples: ['gatehouse vault jobs delete 75'],
  },
];
