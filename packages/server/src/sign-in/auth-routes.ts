import { z } from 'zod';
import { Password } from './passwords.ts';

/** One route of the sign-in library that is open. */
export interface AuthRoute {
  readonly method: 'GET' | 'POST';
  /** Below /api/auth, as the library names it. */
  readonly path: string;
  readonly summary: string;
  /** Signed in with a cookie: an API key does not change how a person signs in. */
  readonly access: 'public' | 'signed-in';
  readonly body?: z.ZodType;
  readonly query?: z.ZodType;
  /** Looks at a password or a code: failed attempts are counted. */
  readonly guessable?: true;
  /** Talks to an OpenID Connect provider, which may be slow or gone. */
  readonly remote?: true;
  /** The action of the audit row that a success leaves. */
  readonly audits?: string;
}

const code = z.string().trim().min(6).max(40);
const WithPassword = z.strictObject({ password: Password });
// What a browser's authenticator answers; the library checks every part of it.
const AuthenticatorAnswer = z.record(z.string().max(100), z.json());
/** An address of our own pages, so that signing in never leads elsewhere. */
const OwnPath = z
  .string()
  .max(2_000)
  .regex(/^\/(?![/\\])/, 'Write an address of this server that begins with one slash.');

/** Everything of the library that can be reached; what is not in this list answers 404. */
export const authRoutes: readonly AuthRoute[] = [
  {
    method: 'POST',
    path: '/sign-in/email',
    access: 'public',
    guessable: true,
    summary: 'Sign in with e-mail address and password',
    body: z.strictObject({ email: z.email('Enter an e-mail address.').max(300), password: Password }),
  },
  {
    method: 'POST',
    path: '/sign-in/social',
    access: 'public',
    remote: true,
    summary: 'Begin to sign in with an OpenID Connect provider',
    body: z.strictObject({
      provider: z.string().min(1).max(100),
      callbackURL: OwnPath.optional(),
      errorCallbackURL: OwnPath.optional(),
    }),
  },
  {
    method: 'GET',
    path: '/callback/:provider',
    access: 'public',
    remote: true,
    summary: 'Where an OpenID Connect provider sends people back to',
    query: z.record(z.string(), z.string().max(10_000)),
  },
  { method: 'POST', path: '/sign-out', access: 'public', summary: 'Sign out' },
  {
    method: 'POST',
    path: '/change-password',
    access: 'signed-in',
    audits: 'person.password.change',
    guessable: true,
    summary: 'Change my password and sign out elsewhere',
    body: z.strictObject({ currentPassword: Password, newPassword: Password }),
  },
  {
    method: 'POST',
    path: '/two-factor/enable',
    access: 'signed-in',
    guessable: true,
    summary: 'Begin to use an authenticator app; answers its address and backup codes',
    body: WithPassword,
  },
  {
    method: 'POST',
    path: '/two-factor/disable',
    access: 'signed-in',
    audits: 'person.second-factor.delete',
    guessable: true,
    summary: 'Stop using an authenticator app',
    body: WithPassword,
  },
  {
    method: 'POST',
    path: '/two-factor/generate-backup-codes',
    access: 'signed-in',
    audits: 'person.backup-codes.replace',
    guessable: true,
    summary: 'Replace my backup codes',
    body: WithPassword,
  },
  {
    method: 'POST',
    path: '/two-factor/verify-totp',
    access: 'public',
    guessable: true,
    summary: 'Enter a code of the authenticator app',
    body: z.strictObject({ code }),
  },
  {
    method: 'POST',
    path: '/two-factor/verify-backup-code',
    access: 'public',
    guessable: true,
    summary: 'Enter a backup code',
    body: z.strictObject({ code }),
  },
  {
    method: 'GET',
    path: '/passkey/generate-register-options',
    access: 'signed-in',
    summary: 'Begin to add a passkey',
    query: z.strictObject({ name: z.string().trim().min(1).max(120).optional() }),
  },
  {
    method: 'POST',
    path: '/passkey/verify-registration',
    access: 'signed-in',
    audits: 'person.passkey.add',
    summary: 'Add a passkey',
    body: z.strictObject({ response: AuthenticatorAnswer, name: z.string().trim().min(1).max(120).optional() }),
  },
  {
    method: 'GET',
    path: '/passkey/generate-authenticate-options',
    access: 'public',
    summary: 'Begin to sign in with a passkey',
  },
  {
    method: 'POST',
    path: '/passkey/verify-authentication',
    access: 'public',
    guessable: true,
    summary: 'Sign in with a passkey',
    body: z.strictObject({ response: AuthenticatorAnswer }),
  },
  { method: 'GET', path: '/passkey/list-user-passkeys', access: 'signed-in', summary: 'My passkeys' },
  {
    method: 'POST',
    path: '/passkey/update-passkey',
    access: 'signed-in',
    summary: 'Rename a passkey',
    body: z.strictObject({ id: z.string().max(100), name: z.string().trim().min(1).max(120) }),
  },
  {
    method: 'POST',
    path: '/passkey/delete-passkey',
    access: 'signed-in',
    audits: 'person.passkey.delete',
    summary: 'Delete a passkey',
    body: z.strictObject({ id: z.string().max(100) }),
  },
];
