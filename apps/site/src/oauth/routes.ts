import type { App, Request } from '@gatehouse/server';
import { z } from 'zod';
import { sendOAuthError, tellLimits } from './answer.ts';
import { type IssueParts, issueToken, tokenSeconds } from './issue.ts';
import { oauthErrors, toOAuthError } from './oauth-error.ts';

/** Requests of one address a minute; the limits of accounts are the narrower ones. It protects the process. */
export const perAddress = { max: 12_000, timeWindow: 60_000 } as const;

const Body = z.object({
  grant_type: z.string().max(100).optional(),
  client_id: z.string().max(200).optional(),
  client_secret: z.string().max(200).optional(),
});

/** POST /oauth2/token, with the client in a Basic header, a form or JSON: real programs do each of them. */
export const serveOAuth = (app: App, parts: IssueParts): void => {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 10_000 }, (_request, text, done) =>
      done(null, text),
    );
    scope.setErrorHandler((error, request, reply) => {
      const known = toOAuthError(error);
      if (known === null) request.log.error({ err: error, req: request }, 'no token was made');
      const status = known === null ? statusOf(error) : 0;
      if (known !== null) return sendOAuthError(reply, known);
      if (status < 500) return sendOAuthError(reply, oauthErrors.invalidRequest('The request cannot be read.'));
      return reply
        .code(500)
        .type('application/json')
        .send(JSON.stringify({ error: 'server_error', message: 'Something went wrong on our side.' }));
    });
    scope.route({
      method: 'POST',
      url: '/oauth2/token',
      config: { access: 'program', rateLimit: perAddress },
      schema: { summary: 'A token for an API account', tags: ['programs'] },
      handler: async (request, reply) => {
        const body = parseBody(request);
        if (body.grant_type !== 'client_credentials') {
          throw body.grant_type === undefined
            ? oauthErrors.invalidRequest('grant_type is missing.')
            : oauthErrors.unsupportedGrant();
        }
        const { clientId, secret } = clientOf(request, body);
        const { token, use } = await issueToken(parts, {
          ...{ clientId, secret, address: request.ip, correlationId: request.id },
        });
        tellLimits(reply, use);
        return reply
          .type('application/json')
          .header('pragma', 'no-cache')
          .send(JSON.stringify({ access_token: token.reveal(), token_type: 'Bearer', expires_in: tokenSeconds }));
      },
    });
  });
};

const statusOf = (error: unknown): number =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;

/** By its first character rather than its type: some programs send JSON, some a form, and the type is not always said. */
const parseBody = ({ body }: Request): z.output<typeof Body> => {
  const text = typeof body === 'string' ? body.trim() : '';
  let given: unknown;
  try {
    given = text.startsWith('{') ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
  } catch {
    throw oauthErrors.invalidRequest('The body is neither a form nor JSON.');
  }
  const parsed = Body.safeParse(given);
  if (!parsed.success) throw oauthErrors.invalidRequest('A parameter is too long or no text.');
  return parsed.data;
};

/** A Basic header decides alone where there is one. */
const clientOf = (
  request: Request,
  body: z.output<typeof Body>,
): { readonly clientId: string; readonly secret: string } => {
  const header = request.headers.authorization;
  if (header !== undefined && /^basic /i.test(header)) {
    const text = Buffer.from(header.slice(6).trim(), 'base64').toString('utf8');
    const at = text.indexOf(':');
    if (at < 0) throw oauthErrors.invalidClient();
    return { clientId: decoded(text.slice(0, at)), secret: decoded(text.slice(at + 1)) };
  }
  const { client_id: clientId, client_secret: secret } = body;
  if (clientId === undefined || secret === undefined) throw oauthErrors.invalidClient();
  return { clientId, secret };
};

/**
 * RFC 6749 has ids and secrets form-encoded inside Basic, and some libraries do so: `+` and `/` of our secrets come as
 * `%2B` and `%2F`. A plus itself is not a blank here, because most libraries do not encode.
 */
const decoded = (text: string): string => {
  try {
    return text.includes('%') ? decodeURIComponent(text) : text;
  } catch {
    return text;
  }
};
