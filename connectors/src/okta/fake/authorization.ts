import { createHash, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import type { FakeAnswer, SeenRequest } from '@gatehouse/connector-kit/fake';
import {
  calculateJwkThumbprint,
  decodeJwt,
  decodeProtectedHeader,
  EmbeddedJWK,
  errors,
  importSPKI,
  type JWTPayload,
  jwtVerify,
} from 'jose';
import { scopes as everyScope } from '../scopes.ts';

/** How the fake's organisation treats the app of Gatehouse. All of it may be changed while the fake runs. */
export interface Standing {
  /** Scopes granted to the app. */
  scopes: readonly string[];
  /** `refuse`: Okta refuses all when one is missing. `reduce`: it hands out the rest. */
  whenScopesMissing: 'refuse' | 'reduce';
  /** The admin roles of the app: none, without the one that shows administrators, or all it needs. */
  adminRoles: 'none' | 'read-only' | 'all';
  requiresDpop: boolean;
  /** Proofs on requests to the API must carry the nonce, too. */
  requiresApiNonce: boolean;
  /** Milliseconds that Okta's clock is ahead. */
  skewMs: number;
  /** Seconds that a token lives. */
  tokenSeconds: number;
}

export interface Authorization {
  readonly standing: Standing;
  readonly clientId: string;
  /** PKCS#8. */
  readonly privateKey: string;
  readonly keyId: string;
  readonly secrets: readonly string[];
  /** Tokens handed out so far are no longer good. */
  revokeTokens(): void;
  changeNonce(): void;
  /** The answer of /oauth2/v1/token. */
  token(request: SeenRequest): Promise<FakeAnswer>;
  /** Null when the request may pass; otherwise the refusal. */
  refusal(request: SeenRequest): FakeAnswer | null;
  now(): Date;
}

interface Issued {
  readonly expiresAt: number;
  readonly scopes: readonly string[];
  readonly thumbprint: string | null;
}

export interface AuthorizationOptions {
  readonly clientId?: string;
  /** PKCS#8 in PEM form. Left out: one that lives as long as this process. */
  readonly privateKey?: string;
}

let ownKey: string | null = null;

/** Making an RSA key takes a while; one serves every fake of a process. */
const processKey = (): string => {
  ownKey ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
  return ownKey;
};

export const createAuthorization = (options: AuthorizationOptions): Authorization => {
  const { clientId = '0oagatehouse0000001', privateKey = processKey() } = options;
  const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  const keyId = createHash('sha256').update(publicPem).digest('base64url').slice(0, 20);
  const standing: Standing = {
    scopes: everyScope,
    whenScopesMissing: 'refuse',
    adminRoles: 'all',
    requiresDpop: false,
    requiresApiNonce: false,
    skewMs: 0,
    tokenSeconds: 3_600,
  };
  const issued = new Map<string, Issued>();
  const spent = new Set<string>();
  const secrets: string[] = [privateKey];
  let nonce: string = randomUUID();
  const now = () => new Date(Date.now() + standing.skewMs);

  const verifyAssertion = async (assertion: string, audience: string): Promise<FakeAnswer | null> => {
    const header = decodeProtectedHeader(assertion);
    if (header.kid !== undefined && header.kid !== keyId) return invalidClient('The client_assertion kid is unknown.');
    try {
      const { payload } = await jwtVerify(assertion, await importSPKI(publicPem, 'RS256'), {
        ...{ issuer: clientId, subject: clientId, audience, currentDate: now(), algorithms: ['RS256'] },
        requiredClaims: ['exp', 'jti'],
      });
      return freshness(payload);
    } catch (error) {
      if (error instanceof errors.JWTExpired) return invalidClient('The client_assertion token is expired.');
      if (error instanceof errors.JWTClaimValidationFailed)
        return invalidClient(`The ${error.claim} claim for client_assertion is wrong.`);
      return invalidClient('The client_assertion signature is invalid.');
    }
  };

  const freshness = ({ exp = 0, jti = '' }: JWTPayload): FakeAnswer | null => {
    if (exp * 1_000 > now().getTime() + 3_600_000)
      return invalidClient('The client_assertion token has an expiration too far into the future.');
    if (spent.has(jti)) return invalidClient('The client_assertion token has a non-unique jti.');
    spent.add(jti);
    return null;
  };

  /** The thumbprint of the proof's key, or the refusal. */
  const verifyProof = async (request: SeenRequest): Promise<{ thumbprint: string } | { refusal: FakeAnswer }> => {
    const { dpop } = request.headers;
    if (dpop === undefined)
      return { refusal: oauthError('invalid_dpop_proof', 'The DPoP proof JWT header is missing.') };
    try {
      const { payload, protectedHeader } = await jwtVerify(dpop, EmbeddedJWK, { typ: 'dpop+jwt', currentDate: now() });
      const { jwk } = protectedHeader;
      if (jwk === undefined || payload.htm !== request.method || payload.htu !== `${request.origin}${request.path}`)
        return { refusal: oauthError('invalid_dpop_proof', "The DPoP proof JWT isn't for this request.") };
      if (Math.abs((payload.iat ?? 0) * 1_000 - now().getTime()) > 300_000)
        return { refusal: oauthError('invalid_dpop_proof', "The DPoP proof JWT's issued-at time is not acceptable.") };
      if (typeof payload.jti !== 'string' || spent.has(payload.jti))
        return { refusal: oauthError('invalid_dpop_proof', 'The DPoP proof JWT was used before.') };
      if (payload.nonce !== nonce) {
        const refusal = oauthError('use_dpop_nonce', 'Authorization server requires nonce in DPoP proof.');
        return { refusal: { ...refusal, headers: { 'dpop-nonce': nonce } } };
      }
      spent.add(payload.jti);
      return { thumbprint: await calculateJwkThumbprint(jwk) };
    } catch {
      return { refusal: oauthError('invalid_dpop_proof', 'The DPoP proof JWT is invalid.') };
    }
  };

  return {
    ...{ standing, clientId, privateKey, keyId, secrets, now },
    revokeTokens: () => issued.clear(),
    changeNonce: () => {
      nonce = randomUUID();
    },
    async token(request) {
      const form = new URLSearchParams(request.body);
      const assertion = form.get('client_assertion') ?? '';
      if (claimsOf(assertion).iss !== clientId) return unknownClient;
      const refused = await verifyAssertion(assertion, `${request.origin}${request.path}`);
      if (refused !== null) return refused;
      const proof = standing.requiresDpop ? await verifyProof(request) : { thumbprint: null };
      if ('refusal' in proof) return proof.refusal;
      const asked = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
      const granted = asked.filter((scope) => standing.scopes.includes(scope));
      if (granted.length === 0)
        return oauthError('consent_required', 'You are not allowed any of the requested scopes.');
      if (granted.length < asked.length && standing.whenScopesMissing === 'refuse')
        return oauthError(
          'invalid_scope',
          'One or more scopes are not configured for the authorization server resource.',
        );
      const token = `eyJhbGciOiJSUzI1NiJ9.${randomUUID()}.${randomUUID().replaceAll('-', '')}`;
      secrets.push(token);
      const expiresAt = now().getTime() + standing.tokenSeconds * 1_000;
      issued.set(token, { expiresAt, scopes: granted, thumbprint: proof.thumbprint });
      const type = proof.thumbprint === null ? 'Bearer' : 'DPoP';
      return {
        body: { token_type: type, expires_in: standing.tokenSeconds, access_token: token, scope: granted.join(' ') },
      };
    },
    refusal(request) {
      const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ');
      const found = issued.get(token);
      if (found === undefined || found.expiresAt <= now().getTime()) return invalidToken;
      if (found.thumbprint !== null && (scheme !== 'DPoP' || !provesToken(request, token, now()))) return invalidToken;
      if (found.thumbprint !== null && standing.requiresApiNonce && claimsOf(request.headers.dpop).nonce !== nonce)
        return { ...invalidToken, headers: { 'dpop-nonce': nonce, 'www-authenticate': 'DPoP error="use_dpop_nonce"' } };
      const needed = scopeOf(request);
      if (needed !== null && !found.scopes.includes(needed)) return lacksScope;
      const { adminRoles } = standing;
      if (adminRoles === 'none' || (adminRoles === 'read-only' && isAboutRoles(request.path))) return denied;
      return null;
    },
  };
};

/** Proofs on requests are looked at, not verified again: their key was, when the token was handed out. */
const provesToken = (request: SeenRequest, token: string, now: Date): boolean => {
  const { htm, htu, ath, iat = 0 } = claimsOf(request.headers.dpop);
  const hash = createHash('sha256').update(token).digest('base64url');
  const isFresh = Math.abs(iat * 1_000 - now.getTime()) <= 300_000;
  return isFresh && htm === request.method && htu === `${request.origin}${request.path}` && ath === hash;
};

const claimsOf = (token: string | undefined): JWTPayload => {
  try {
    return decodeJwt(token ?? '');
  } catch {
    return {};
  }
};

const scopeOf = ({ path }: SeenRequest): string | null => {
  if (isAboutRoles(path)) return 'okta.roles.read';
  if (/^\/api\/v1\/apps\/[^/]+\/grants/.test(path)) return 'okta.appGrants.read';
  const noun = /^\/api\/v1\/([^/]+)/.exec(path)?.[1];
  if (noun === undefined) return null;
  return `okta.${{ 'api-tokens': 'apiTokens', zones: 'networkZones' }[noun] ?? noun}.read`;
};

const isAboutRoles = (path: string) => /\/iam\/|\/roles(\/|$)/.test(path);

const oauthError = (error: string, description: string): FakeAnswer => ({
  status: 400,
  body: { error, error_description: description },
});

export const invalidClient = (description: string): FakeAnswer => ({
  status: 401,
  body: { error: 'invalid_client', error_description: description },
});

/** Okta's front door answers in its own form before the authorization server is asked. */
const unknownClient: FakeAnswer = {
  status: 401,
  body: {
    errorCode: 'invalid_client',
    errorSummary: "Invalid value for 'client_id' parameter.",
    errorLink: 'invalid_client',
    errorId: 'oaeFAKE0000000000001',
    errorCauses: [],
  },
};

export const oktaError = (status: number, errorCode: string, errorSummary: string): FakeAnswer => ({
  status,
  body: { errorCode, errorSummary, errorLink: errorCode, errorId: 'oaeFAKE0000000000002', errorCauses: [] },
});

export const denied = oktaError(403, 'E0000006', 'You do not have permission to perform the requested action');
export const invalidToken = oktaError(401, 'E0000011', 'Invalid token provided');
const lacksScope: FakeAnswer = {
  status: 403,
  headers: {
    'www-authenticate':
      'Bearer authorization_uri="http://127.0.0.1/oauth2/v1/authorize", error="insufficient_scope", error_description="The access token provided does not contain the required scopes."',
  },
  body: '',
};
