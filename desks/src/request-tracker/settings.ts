import { mappedFields } from '@gatehouse/desk-kit';
import { fields } from '@gatehouse/fields';
import type { z } from 'zod';

/** What neither a query of RT nor a list of ours gives a meaning to. */
const isName = (text: string) => /^[^{}'"\\\p{Cc}]{1,200}$/u.test(text);
const wrong = 'A name has at most 200 characters, none of them quotes, braces or backslashes.';

export const config = fields.object({
  url: fields.url('Address', 'Where people open Request Tracker, for example https://rt.corp.example.'),
  token: fields.secret(
    'Token',
    'An authentication token of the account that sessions are written with: Logged in as, Settings, Auth Tokens.',
  ),
  certificateAuthorities: fields.certificates(
    'Certificate authorities',
    'The certificates, in PEM form, of the authority that issued the certificate of Request Tracker. Leave it empty where this machine trusts it already.',
  ),
  fields: mappedFields('Name of a custom field of tickets', isName, wrong),
  notesField: fields
    .text(
      'Notes field',
      'Name of a custom field that takes several values: what is being written is noted there, so that two processes never write one note twice. The set-up makes it, and nobody else needs to see it.',
    )
    .refine(isName, wrong)
    .default('Support Session Notes'),
  queues: fields
    .lines(
      'Queues',
      'Names of the queues whose tickets have support sessions, one on each line: the set-up is for them.',
    )
    .default('General'),
  newTicketQueue: fields
    .textOrNone('Queue of new tickets', 'Where a ticket goes that a session makes. Empty: sessions make none.')
    .refine((text) => text === null || isName(text), wrong),
  movesTickets: fields
    .toggle('Change the status', 'Sessions and surveys may move a ticket to another status.')
    .default(false),
  repliesToCustomers: fields
    .toggle('Write to customers', 'Session keys may be sent to the customer by Request Tracker’s own mail.')
    .default(false),
  webhookSecret: fields.secretOrNone(
    'Webhook secret',
    'Signs what Request Tracker tells the desk program of changes; the set-up puts it there. Empty: it is asked instead.',
  ),
  probeTicket: fields.textOrNone(
    'Probe ticket',
    'The number of a ticket that nobody works on: a test of these settings writes to it and reads what came of it.',
  ),
  customerToken: fields.secretOrNone(
    'Token of a customer',
    'An authentication token of an account that is the requestor of the probe ticket: only a test of these settings uses it, to see whether notes stay hidden.',
  ),
});

export type Settings = z.output<typeof config>;

export const queuesOf = ({ queues }: Pick<Settings, 'queues'>): readonly string[] =>
  queues
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
