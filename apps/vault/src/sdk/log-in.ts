import { Secret } from '@gatehouse/kernel';
import { z } from 'zod';
import { Refusal } from '../refusal.ts';
import { type SignedIn, signIn } from '../sign-in/index.ts';
import { name, optional, required, wholeNumber } from './members.ts';
import type { SdkParts } from './operation.ts';

/** What `DoLogin`, `DoLogin2` and `Login` take. */
export const LoginBody = z.object({
  Username: required(),
  Password: z
    .string('must be a text')
    .max(1_000, 'may have 1000 characters at most')
    .transform((text) => new Secret(text)),
  LoginType: wholeNumber(0, 100),
  Authenticator: optional(),
  MFATokenCode: name(100).nullish(),
});

/** Where a call comes from. */
export interface Origin {
  readonly registrationId: string | null;
  readonly address: string;
  readonly correlationId: string;
}

/** @throws Refusal `invalid`, `not_signed_in`, `slow_down` */
export const logIn = (parts: SdkParts, body: z.output<typeof LoginBody>, origin: Origin): Promise<SignedIn> =>
  signIn(parts.vault, { ...whoIs(body), password: body.Password, code: body.MFATokenCode || null, ...origin });

/** 1 is an explicit identity, 2 one of a domain; left out, the authenticator decides. */
const whoIs = ({ Username, LoginType, Authenticator }: z.output<typeof LoginBody>) => {
  const type = LoginType ?? (Authenticator === '' ? 1 : 2);
  if (type === 1) return { username: Username, domain: null };
  if (type !== 2) throw new Refusal('invalid', 'LoginType: must be 1 (explicit) or 2 (domain).');
  if (Authenticator !== '') return { username: Username.slice(Username.indexOf('\\') + 1), domain: Authenticator };
  const slash = Username.indexOf('\\');
  if (slash <= 0) throw new Refusal('invalid', 'Authenticator: is missing; it is the domain of a log-in of type 2.');
  return { username: Username.slice(slash + 1), domain: Username.slice(0, slash) };
};
