import { type ApiCommand, body, fixed, must, query } from '../commands/index.ts';

const inName = body('--identity <identityId>', 'identityId', 'in whose name; not with an API key of your own');
const reason = must(body('--comment <text>', 'comment', 'why, for the audit'));
const minutes = body('--minutes <n>', 'minutes', 'for how long', 'number');

const decide = (verb: 'grant' | 'deny', decision: 'granted' | 'denied'): ApiCommand => ({
  name: `requests ${verb}`,
  does: `${verb} a request; nobody ${verb === 'grant' ? 'grants' : 'denies'} their own`,
  method: 'POST',
  path: '/api/requests/:requestId/decision',
  options: [fixed('decision', decision), reason, inName],
  examples: [`gatehouse vault requests ${verb} <requestId> --comment "Ticket 4711" --identity <identityId>`],
});

/** Commands about using passwords: check-outs and requests. None prints a password. */
export const useCommands: readonly ApiCommand[] = [
  {
    name: 'checkouts list',
    does: 'who has what checked out, newest first',
    method: 'GET',
    path: '/api/checkouts',
    paged: true,
    options: [
      query('--state <state>', 'state', 'open, ended or all'),
      query('--credential <credentialId>', 'credentialId', 'of a credential'),
    ],
    columns: ['checkoutId', 'about', 'holder', 'comment', 'checkedOutAt', 'expiresAt', 'endedBy'],
    examples: ['gatehouse vault checkouts list', 'gatehouse vault checkouts list --state all --json'],
  },
  {
    name: 'checkouts out',
    does: 'check a password out; it is not printed',
    method: 'POST',
    path: '/api/my/checkouts',
    options: [
      body('--credential <credentialId>', 'credentialId', 'an account of a system'),
      body('--entry <entryId>', 'entryId', 'or an account of a shared list'),
      ...[reason, minutes, inName],
    ],
    examples: [
      'gatehouse vault checkouts out --credential <credentialId> --comment "Ticket 4711" --identity <identityId>',
    ],
  },
  {
    name: 'checkouts in',
    does: 'check a password in, whoever has it',
    method: 'POST',
    path: '/api/checkouts/:checkoutId/check-in',
    examples: ['gatehouse vault checkouts in <checkoutId>'],
  },
  {
    name: 'checkouts seal',
    does: 'the password of a check-out, sealed to a passphrase; where the vault runs with --reveal',
    method: 'POST',
    path: '/api/checkouts/:checkoutId/sealed',
    streamed: true,
    options: [must(body('--passphrase-file <file>', 'passphrase', 'a file with 16 characters or more', 'file'))],
    examples: ['gatehouse vault checkouts seal <checkoutId> --passphrase-file phrase.txt > root.sealed'],
  },
  {
    name: 'requests list',
    does: 'who asked for which password, newest first',
    method: 'GET',
    path: '/api/requests',
    paged: true,
    options: [query('--state <state>', 'state', 'open or all')],
    columns: ['requestId', 'about', 'asker', 'purpose', 'comment', 'minutes', 'state', 'decidedBy'],
    examples: ['gatehouse vault requests list', 'gatehouse vault requests list --state all --json'],
  },
  {
    name: 'requests ask',
    does: 'for a password',
    method: 'POST',
    path: '/api/my/requests',
    options: [
      must(body('--credential <credentialId>', 'credentialId', 'an account of a system')),
      body('--purpose <purpose>', 'purpose', 'use, or reveal: to see it on a page'),
      ...[reason, minutes, inName],
    ],
    examples: [
      'gatehouse vault requests ask --credential <credentialId> --comment "Ticket 4711" --identity <identityId>',
    ],
  },
  decide('grant', 'granted'),
  decide('deny', 'denied'),
];
