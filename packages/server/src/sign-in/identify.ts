import type { Database } from '@gatehouse/database';
import type { PersonId } from '@gatehouse/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../access.ts';
import { isLoopback } from '../metrics.ts';
import { type OperatorToken, operator } from '../operator.ts';
import { problems } from '../problem.ts';
import { apiKeyPrefix, findKeyOwner } from './api-keys.ts';
import type { Auth } from './auth.ts';
import { endSignIn, findSignedIn } from './sign-ins.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The sign-in of the cookie; null with an API key, for the operator and for strangers. */
    signInId: string | null;
  }
}

export interface IdentifyParts {
  readonly database: Database;
  readonly operatorToken: OperatorToken;
  readonly auth: () => Auth;
  readonly cookiePrefix: string;
  readonly lifetimeMs: number;
}

/**
 * Finds out who calls. An `Authorization` header decides alone: when it opens nothing, the cookie is not looked at, so
 * a header can never be used to make a request with a cookie look like one without.
 */
export const identify = async (
  parts: IdentifyParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Principal | null> => {
  const { authorization, cookie } = request.headers;
  if (authorization !== undefined) return byHeader(parts, request, authorization);
  if (cookie?.includes(parts.cookiePrefix)) return byCookie(parts, request, reply);
  return null;
};

const byHeader = async (
  { database, operatorToken }: IdentifyParts,
  request: FastifyRequest,
  header: string,
): Promise<Principal | null> => {
  const token = /^Bearer ([A-Za-z0-9_-]{20,200})$/i.exec(header)?.[1];
  if (token === undefined) return null;
  // The token file belongs to this machine; from elsewhere it opens nothing even when it was copied.
  if (await operatorToken.opens(token)) return isLoopback(request.socket.remoteAddress) ? operator : null;
  if (!token.startsWith(apiKeyPrefix)) return null;
  const owner = await findKeyOwner(database, token);
  return (
    owner && {
      kind: 'person',
      personId: owner.personId,
      name: owner.name,
      email: owner.email,
      systemAdministrator: owner.systemAdministrator,
    }
  );
};

const byCookie = async (
  { auth, lifetimeMs, database }: IdentifyParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Principal | null> => {
  const { response, headers } = await auth().api.getSession({
    headers: new Headers({ cookie: request.headers.cookie ?? '' }),
    returnHeaders: true,
  });
  for (const cookie of headers.getSetCookie()) reply.header('set-cookie', cookie);
  if (response === null) return null;
  const { session, user } = response;
  if (user.disabled === true) return null;
  if (Date.now() - session.createdAt.getTime() > lifetimeMs) {
    await endSignIn(database, session.id);
    return null;
  }
  request.signInId = session.id;
  return {
    kind: 'person',
    personId: user.id as PersonId, // the column holds nothing else
    name: user.name,
    email: user.email,
    systemAdministrator: user.systemAdministrator === true,
  };
};

/** Who sent a request, as of now: null once the sign-in or key has ended. Unlike `identify` it renews no sign-in. */
export const recallCaller = async (parts: IdentifyParts, request: FastifyRequest): Promise<Principal | null> => {
  const { authorization } = request.headers;
  if (authorization !== undefined) return byHeader(parts, request, authorization);
  const { signInId } = request;
  const person = signInId === null ? null : await findSignedIn(parts.database, signInId, parts.lifetimeMs);
  return person && { kind: 'person', ...person };
};

/** For what an API key and the operator may not do: change how a person signs in. */
export const signedInPerson = (request: FastifyRequest): PersonId => {
  const { principal } = request;
  if (principal.kind !== 'person' || request.signInId === null) {
    throw problems.forbidden('Sign in on the page to do this. An API key may not.');
  }
  return principal.personId;
};
