import { type ApiCommand, body, must, query } from './command.ts';

/** Commands about how mail leaves a program, which are the same for each. */
export const mailCommands = (program: 'site' | 'desk'): readonly ApiCommand[] => {
  const server = [
    must(body('--server <name>', 'server', 'the SMTP server')),
    body('--port <port>', 'port', '587 unless said otherwise', 'number'),
    body('--security <kind>', 'security', 'starttls, which it is unless said otherwise, tls or none'),
    body('--user-name <name>', 'userName', 'what the program signs in with'),
    body('--password <file>', 'password', 'a file with the password; left out, it stays', 'file'),
    body('--allow-plain-password <yes>', 'allowPlainPassword', 'true lets it go unencrypted', 'boolean'),
    body('--certificate-authorities <file>', 'certificateAuthorities', 'a file in PEM form', 'file'),
    must(body('--sender <address>', 'senderAddress', 'whose mail it is')),
    body('--sender-name <name>', 'senderName', 'how the sender is shown'),
  ];
  const example = '--server smtp.corp.example --user-name gatehouse --password password.txt --sender it@corp.example';
  return [
    {
      ...{ name: 'mail show', does: 'the mail server, and how much waits', method: 'GET', path: '/api/mail' },
      examples: [`gatehouse ${program} mail show --json`],
    },
    {
      ...{ name: 'mail set', does: 'enter the mail server', method: 'PUT', path: '/api/mail', options: server },
      examples: [`gatehouse ${program} mail set ${example}`],
    },
    {
      ...{ name: 'mail remove', does: 'take the mail server away: mail waits', method: 'DELETE', path: '/api/mail' },
      examples: [`gatehouse ${program} mail remove`],
    },
    {
      ...{ name: 'mail test', does: 'try the mail server, and send a test mail', method: 'POST' },
      path: '/api/mail/test',
      options: [body('--to <address>', 'to', 'where the test mail goes; left out: none is sent')],
      examples: [`gatehouse ${program} mail test --to me@corp.example`],
    },
    {
      ...{ name: 'mail list', does: 'mail, newest first, without what it says', method: 'GET', path: '/api/mails' },
      paged: true,
      columns: ['mailId', 'madeAt', 'kind', 'about', 'recipients', 'subject', 'state', 'tries', 'problem'],
      options: [query('--state <state>', 'state', 'waiting, sent or failed')],
      examples: [`gatehouse ${program} mail list --state failed`],
    },
    {
      ...{ name: 'mail retry', does: 'send a mail that was given up', method: 'POST' },
      path: '/api/mails/:mailId/retry',
      examples: [`gatehouse ${program} mail retry 0198c7a0-0000-7000-8000-000000000000`],
    },
  ];
};
