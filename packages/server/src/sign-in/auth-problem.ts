import { Problem, problems } from '../problem.ts';

/** An error answer of the sign-in library as one of ours. */
export const toAuthProblem = (status: number, json: unknown): Problem => {
  const { code: name, message } = (typeof json === 'object' && json !== null ? json : {}) as {
    code?: unknown;
    message?: unknown;
  };
  // The library has no word for an answer of an authenticator that is simply wrong.
  if (name === 'FAILED_TO_VERIFY_REGISTRATION')
    return new Problem(400, 'passkey-refused', refused, words[name] ?? refused);
  if (status >= 500) {
    return problems.internal(
      new Error(`the sign-in library answered ${status}: ${JSON.stringify(json)?.slice(0, 300)}`),
    );
  }
  if (status === 429) return problems.tooMany(900, 'Too many codes were wrong. Try again in 15 minutes.');
  if (status === 404) return problems.notFound();
  const known = typeof name === 'string' ? words[name] : undefined;
  return new Problem(
    status,
    typeof name === 'string' ? name.toLowerCase().replaceAll('_', '-') : 'sign-in',
    status === 401 ? 'Not signed in' : refused,
    known ??
      (typeof message === 'string' && message !== '' ? message.slice(0, 300) : 'Signing in did not work. Try again.'),
  );
};

const refused = 'This cannot be done';

/** Where the library's own words are not for people who sign in. */
const words: Readonly<Record<string, string>> = {
  INVALID_EMAIL_OR_PASSWORD: 'The e-mail address or the password is wrong.',
  INVALID_PASSWORD: 'The password is wrong.',
  INVALID_CODE: 'The code is wrong or too old.',
  INVALID_BACKUP_CODE: 'This backup code is wrong or was used.',
  INVALID_TWO_FACTOR_COOKIE: 'This took too long. Sign in with your password again.',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'Too many codes were wrong. Sign in with your password again.',
  SESSION_NOT_FRESH: 'For this, sign in again first.',
  SESSION_EXPIRED: 'Sign in again.',
  PROVIDER_NOT_FOUND: 'There is no such provider to sign in with.',
  CHALLENGE_NOT_FOUND: 'This took too long. Begin again.',
  PASSKEY_NOT_FOUND: 'This passkey is not known here.',
  FAILED_TO_VERIFY_REGISTRATION: 'This passkey cannot be used here.',
  AUTHENTICATION_FAILED: 'This passkey did not open anything.',
};
