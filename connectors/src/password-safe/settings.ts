import { fields } from '@gatehouse/fields';
import { Fault, Secret } from '@gatehouse/kernel';
import { z } from 'zod';
import { type Address, toAddress } from './address.ts';

const noAddress = 'Enter the address of Password Safe, for example https://pam.corp.example/.';
// In a header a semicolon ends a value, and a line break ends the header.
const isOneValue = (text: string) => !/[;\p{Cc}]/u.test(text);
const isOneLine = (text: string) => !/\p{Cc}/u.test(text);

export const config = fields.object({
  url: fields
    .text('Password Safe URL', 'The address at which people open Password Safe, for example https://pam.corp.example/.')
    .refine((text) => toAddress(text) !== null, noAddress),
  apiKey: z
    .string()
    .trim()
    .min(1)
    .max(1_000)
    .refine(isOneValue, 'Copy the key alone, without what stands before or behind it.')
    .meta({
      title: 'API key',
      description:
        'The key of the API registration that you made for Gatehouse, under Configuration, API Registrations.',
      ...{ writeOnly: true, format: 'password' },
    })
    .transform((value) => new Secret(value)),
  runAs: fields
    .text(
      'Run-as user name',
      'The user that the key runs as: gatehouse for a user of BeyondInsight, or CORP\\gatehouse for one of a directory.',
    )
    .refine(isOneValue, 'A user name has neither semicolons nor line breaks.'),
  // May be empty, because a form sends a field that was emptied again as it is.
  password: z
    .string()
    .max(1_000)
    .refine(isOneLine, 'A password has no line breaks.')
    .meta({
      title: 'Password of the run-as user',
      description: 'Needed only where the API registration has “User password required” switched on.',
      ...{ writeOnly: true, format: 'password' },
    })
    .transform((value) => (value === '' ? null : new Secret(value)))
    .optional(),
  // Not secret: a certificate is meant to be shown.
  certificateAuthorities: z
    .string()
    .trim()
    .max(100_000)
    .refine((text) => text === '' || text.includes('-----BEGIN CERTIFICATE-----'), 'Paste certificates in PEM form.')
    .meta({
      title: 'Certificate authorities',
      description:
        'The certificates, in PEM form, of the authority that issued the certificate of Password Safe. Leave it empty where this machine trusts that authority already.',
    })
    .optional(),
});

export const addressOf = (url: string): Address => {
  const address = toAddress(url);
  if (address === null) throw new Fault('misconfigured', noAddress);
  return address;
};
