import { mappedFields } from '@gatehouse/desk-kit';
import { fields } from '@gatehouse/fields';

const isName = (text: string) => text.length <= 200;

export const config = fields.object({
  url: fields.url('Address', 'Where people open the desk, for example https://desk.corp.example.'),
  token: fields.secret('Token', 'The token of the account that sessions are written with, made on the page Accounts.'),
  certificateAuthorities: fields.certificates(
    'Certificate authorities',
    'The certificates, in PEM form, of the authority that issued the certificate of the desk. Leave it empty where this machine trusts it already.',
  ),
  table: fields
    .choice('Table', 'Where a case goes that a session makes: Support Cases or Helpdesk Cases.', [
      'support',
      'helpdesk',
    ])
    .default('support'),
  fields: mappedFields('Name of a field', isName, 'A name has at most 200 characters.'),
  probeTicket: fields.textOrNone(
    'Probe case',
    'The number of a case that nobody works on: a test of these settings writes to it and reads what came of it.',
  ),
});
