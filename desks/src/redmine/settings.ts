import { mappedFields } from '@gatehouse/desk-kit';
import { fields } from '@gatehouse/fields';
import type { z } from 'zod';

const isName = (text: string) => /^[^\p{Cc}]{1,30}$/u.test(text);

export const config = fields.object({
  url: fields.url('Address', 'Where people open Redmine, for example https://redmine.corp.example.'),
  apiKey: fields.secret(
    'API key',
    'Of the account that sessions are written with: signed in as it, My account, API access key, Show.',
  ),
  certificateAuthorities: fields.certificates(
    'Certificate authorities',
    'The certificates, in PEM form, of the authority that issued the certificate of Redmine. Leave it empty where this machine trusts it already.',
  ),
  project: fields
    .text(
      'Project',
      'The identifier of the project whose issues have sessions, as in its address: people are looked for among its members.',
    )
    .refine(
      (text) => /^[a-z0-9][a-z0-9_-]{0,99}$/.test(text),
      'An identifier has small letters, digits, _ and - only.',
    ),
  fields: mappedFields('Name of a custom field of issues', isName, 'A name has at most 30 characters.'),
  formatting: fields
    .choice(
      'Text formatting',
      'What Administration, Settings, General says there: how notes are kept from being read as markup.',
      ['textile', 'markdown'],
    )
    .default('textile'),
  makesIssues: fields.toggle('Make issues', 'A session may make an issue in the project.').default(false),
  probeTicket: fields.textOrNone(
    'Probe issue',
    'The number of an issue that nobody works on: a test of these settings writes to it and reads what came of it.',
  ),
  customerKey: fields.secretOrNone(
    'API key of a customer',
    'Of an account that a customer has: only a test of these settings uses it, to see whether notes stay hidden.',
  ),
});

export type Settings = z.output<typeof config>;
