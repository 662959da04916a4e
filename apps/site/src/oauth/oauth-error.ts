import { Problem } from '@gatehouse/server';

/** The words of the official description. Its texts are in `message`, where OAuth itself has `error_description`. */
export type OAuthWord =
  | 'access_denied'
  | 'invalid_client'
  | 'invalid_credentials'
  | 'invalid_grant'
  | 'invalid_request'
  | 'server_error'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type';

/** An answer of `/oauth2/token`, and of any API to a token that opens nothing. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly status: number;
  readonly word: OAuthWord;
  readonly retryAfterSeconds: number | null;

  constructor(status: number, word: OAuthWord, message: string, retryAfterSeconds: number | null = null) {
    super(message);
    this.status = status;
    this.word = word;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export const oauthErrors = {
  /** The same for a wrong id, a wrong secret, and an account that is locked. */
  invalidClient: () => new OAuthError(401, 'invalid_client', 'Client authentication failed.'),
  accessDenied: () =>
    new OAuthError(401, 'access_denied', 'The resource owner or authorization server denied the request.'),
  invalidRequest: (message: string) => new OAuthError(400, 'invalid_request', message),
  unsupportedGrant: () =>
    new OAuthError(400, 'unsupported_grant_type', 'The only grant type here is client_credentials.'),
  switchedOff: () =>
    new OAuthError(403, 'unauthorized_client', 'The API is switched off in Management > API Configuration.'),
  tooMany: (seconds: number) =>
    new OAuthError(429, 'access_denied', `Too many requests. Try again in ${seconds} seconds.`, seconds),
} as const;

export const toOAuthError = (error: unknown): OAuthError | null => {
  if (error instanceof OAuthError) return error;
  if (error instanceof Problem && error.status === 429) return oauthErrors.tooMany(error.retryAfterSeconds ?? 1);
  return null;
};
