import { fields } from '@gatehouse/fields';
import { apiBase } from '@gatehouse/vault-kit';
import { z } from 'zod';

const api = { folder: /^.*\/api\/public\/v3(?=\/|$)/i, standard: '/BeyondTrust/api/public/v3' };
const noAddress = 'Enter the address of Password Safe, for example https://pam.corp.example/.';

/** Where the API begins; null for what is no address. */
export const toBase = (text: string): string | null => apiBase(text, api);

// In a header a semicolon ends a value, and a line break ends the header.
const isOneValue = (text: string) => !/[;\p{Cc}]/u.test(text);

const withKey = fields.object({
  method: z.literal('api-key'),
  apiKey: fields.secret('API key', 'The key of the API registration that was made for this.'),
  runAs: fields
    .text(
      'Run-as user name',
      'The user that the key runs as, for example CORP\\gatehouse. With {username} in it, it is the person who asks, and that person’s own rights decide: CORP\\{username}. A check of the settings alone then signs in as gatehouse.',
    )
    .refine(isOneValue, 'A user name has neither semicolons nor line breaks.'),
  password: fields.secretOrNone(
    'Password of the run-as user',
    'Needed only where the API registration has “User password required” switched on.',
  ),
});

const withClient = fields.object({
  method: z.literal('client-credentials'),
  clientId: fields.text('Client ID', 'Of an API registration of the type “API Access Policy”, bound to one user.'),
  clientSecret: fields.secret('Client secret', 'The secret that belongs to this client ID.'),
});

export const config = fields.object({
  url: fields
    .text('Password Safe URL', 'The address at which people open Password Safe, for example https://pam.corp.example/.')
    .refine((text) => toBase(text) !== null, noAddress),
  signIn: fields.oneOf('method', [withKey, withClient]).meta({
    title: 'Sign in',
    description: 'By the key of an API registration with a run-as user, or by client credentials.',
  }),
  certificateAuthorities: fields.certificates(
    'Certificate authorities',
    'The certificates, in PEM form, of the authority that issued the certificate of Password Safe. Leave it empty where this machine trusts it already.',
  ),
  preferAddress: fields
    .toggle(
      'Prefer lookup of credentials by IP address over hostname',
      'Accounts are first looked for by the address of the endpoint where that is known, then by its name.',
    )
    .default(false),
  preferKeys: fields
    .toggle('Prefer SSH keys', 'For SSH the DSS key of an account is handed out where it has one, else its password.')
    .default(false),
  showApproval: fields
    .toggle(
      'Show what needs approval',
      'The access policies of each account are looked at while listing, which takes one request more for each.',
    )
    .default(true),
  rotateOnCheckin: fields
    .toggle(
      'Rotate on check-in',
      'The password is changed after a session where the account is set to be. Switching it off needs “Allow API Rotation Override”.',
    )
    .default(true),
  ticketSystemId: fields
    .number('Ticket system', 'The number of the ticket system that tickets of sessions are checked with, if any.', {
      min: 1,
      max: 2_147_483_647,
    })
    .optional(),
});

export type Settings = z.output<typeof config>;
