import type { SigningKey } from '@gatehouse/connector-kit';
import { type Http, redact } from '@gatehouse/host';
import { type Clock, Fault, Secret, toFault } from '@gatehouse/kernel';
import { SignJWT } from 'jose';
import { createProver, type Prover } from './proof.ts';
import { at, textAt } from './shapes.ts';

/** An access token as Okta handed it out. */
export interface Token {
  readonly value: Secret;
  /** Milliseconds of our own clock. */
  readonly expiresAt: number;
  readonly scopes: readonly string[];
  /** The key the token is bound to; null for a bearer token. */
  readonly prover: Prover | null;
}

/** Okta does not hand out the scopes that were asked for. */
export class ScopesRefused extends Error {
  override readonly name = 'ScopesRefused';
}

/** Asks for tokens as an API services app. Remembers what Okta taught it: whether it wants proofs, and how our clock is off. */
export interface TokenSource {
  ask(scopes: readonly string[]): Promise<Token>;
  /** Milliseconds that Okta's clock is ahead of ours; 0 until an answer told. */
  skewMs(): number;
  /** Okta's time, as well as it is known. */
  now(): Date;
}

export const tokenPath = '/oauth2/v1/token';

export const createTokenSource = (of: {
  http: Http;
  clock: Clock;
  origin: string;
  clientId: string;
  keyId: string | null;
  signal: AbortSignal;
  key(): Promise<SigningKey>;
}): TokenSource => {
  const { http, clock, origin, clientId, signal } = of;
  const url = new URL(tokenPath, origin);
  let prover: Prover | null = null;
  let nonce: string | null = null;
  let measuredMs = 0;
  let appliedMs = 0;

  const now = () => new Date(clock.now().getTime() + appliedMs);

  const send = async (scopes: readonly string[]): Promise<Reply> => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      scope: scopes.join(' '),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion(),
    });
    const headers = new Headers({ accept: 'application/json' });
    if (prover !== null)
      headers.set('dpop', await prover.proof({ method: 'POST', url, nonce, token: null, at: now() }));
    const response = await http.fetch(tokenPath, { method: 'POST', body, headers });
    const theirs = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(theirs)) measuredMs = theirs - clock.now().getTime();
    nonce = response.headers.get('dpop-nonce') ?? nonce;
    const answered = parsed(await response.text());
    const isBroken = answered === null && /[/+]json\b/i.test(response.headers.get('content-type') ?? '');
    return { status: response.status, body: answered, isBroken };
  };

  /**
   * Again where Okta could not answer. Not left to the host, which would send the same assertion twice: Okta may have
   * taken the first one, and takes each only once.
   */
  const sendPatiently = async (scopes: readonly string[]): Promise<Reply> => {
    for (let left = 2; ; left--) {
      const reply = await send(scopes).catch((error: unknown) => {
        if (left === 0 || toFault(error).kind !== 'unreachable') throw error;
        return null;
      });
      if (reply !== null && (reply.status < 500 || left === 0)) return reply;
      await clock.sleep(left === 2 ? 1_000 : 3_000, signal);
    }
  };

  const assertion = async () => {
    const { key, keyId } = await of.key();
    const kid = of.keyId ?? keyId;
    const seconds = Math.floor(now().getTime() / 1_000);
    return new SignJWT()
      .setProtectedHeader(kid === null ? { alg: 'RS256' } : { alg: 'RS256', kid })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(url.href)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + 300)
      .setJti(crypto.randomUUID())
      .sign(key);
  };

  return {
    skewMs: () => measuredMs,
    now,
    async ask(scopes) {
      // Each lesson is learnt once: proofs, then their nonce, then the clock. What is refused after that is refused.
      for (let lessons = 4; ; lessons--) {
        const reply = await sendPatiently(scopes);
        // From the first answer on Okta's time is ours for whatever is signed; what was refused may be signed anew.
        const wasLate = Math.abs(measuredMs - appliedMs) > 30_000;
        if (wasLate) appliedMs = measuredMs;
        if (reply.status === 200) return toToken(reply, scopes, prover, clock);
        const code = codeOf(reply.body);
        if (lessons > 0 && (code === 'invalid_dpop_proof' || code === 'use_dpop_nonce')) {
          prover ??= await createProver();
          continue;
        }
        if (lessons > 0 && code === 'invalid_client' && wasLate) continue;
        if (code !== null && scopeCodes.has(code)) throw new ScopesRefused(code);
        throw refusalFault(reply, { clientId, origin, code });
      }
    },
  };
};

interface Reply {
  readonly status: number;
  /** Null where it was no JSON. */
  readonly body: unknown;
  /** It said that it is JSON and was not: broken off on its way. */
  readonly isBroken: boolean;
}

/** How Okta says that scopes are not granted to the app; which one depends on whether any is. */
const scopeCodes = new Set(['invalid_scope', 'consent_required', 'access_denied']);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
};

/** OAuth's `error`, or Okta's own `errorCode` where its front door answers before the authorization server does. */
const codeOf = (body: unknown) => textAt(body, 'error') ?? textAt(body, 'errorCode');

const toToken = ({ body, isBroken }: Reply, asked: readonly string[], prover: Prover | null, clock: Clock): Token => {
  if (isBroken) throw brokenFault();
  const value = textAt(body, 'access_token');
  if (value === null) {
    throw new Fault(
      'misconfigured',
      'No Okta organisation answers there. Check the setting “Okta domain”.',
      'no token',
    );
  }
  const seconds = Number(at(body, 'expires_in') ?? 3_600);
  const granted = textAt(body, 'scope');
  return {
    value: new Secret(value),
    expiresAt: clock.now().getTime() + (Number.isFinite(seconds) ? seconds : 3_600) * 1_000,
    scopes: granted === null ? asked : granted.split(/\s+/),
    prover: /^dpop$/i.test(textAt(body, 'token_type') ?? '') ? prover : null,
  };
};

const brokenFault = () =>
  new Fault(
    'unexpected',
    'Okta answered the sign-in of the app with something that breaks off. If a proxy stands between, it may have cut it; otherwise try again.',
    `POST ${tokenPath}: JSON that is broken off or damaged`,
  );

const refusalFault = (
  { status, body, isBroken }: Reply,
  of: { clientId: string; origin: string; code: string | null },
): Fault => {
  const { clientId, origin, code } = of;
  const said = textAt(body, 'error_description') ?? textAt(body, 'errorSummary') ?? '';
  const quote = said === '' ? '' : ` Okta says: “${redact(said).slice(0, 300)}”`;
  const detail = `POST ${tokenPath} -> ${status} ${code ?? 'no error code'} ${redact(said).slice(0, 300)}`;
  const isOwnCode = at(body, 'errorCode') !== undefined;
  if (status === 429) return new Fault('throttled', 'Okta asked us to slow down. The next run continues.', detail);
  if (status >= 500) return new Fault('unreachable', 'Okta could not answer. Look at status.okta.com.', detail);
  if (isBroken) return brokenFault();
  // The front door knows no such client; a wrong key is refused by the authorization server.
  if (code === 'invalid_client' && isOwnCode) {
    const advice = `No app in ${new URL(origin).host} has the client ID ${clientId}. Check the settings “Client ID” and “Okta domain”.${quote}`;
    return new Fault('unauthorized', advice, detail);
  }
  if (code === 'invalid_client') {
    const advice = `Okta does not accept this key for the app ${clientId}. Check that the setting “Private key” is the key shown as active under Client Credentials of this app, that the app authenticates with “Public key / Private key”, and, where it has several keys, the setting “Key ID”.${quote}`;
    return new Fault('unauthorized', advice, detail);
  }
  if (code === 'unauthorized_client') {
    const advice = `The app ${clientId} may not sign in by itself. It must be of the type “API Services” with the grant type “Client Credentials”, and active.${quote}`;
    return new Fault('unauthorized', advice, detail);
  }
  if (body === null || code === null || status === 404 || status === 405) {
    const advice = `There is no Okta organisation at ${new URL(origin).host}. Check the setting “Okta domain”.`;
    return new Fault('misconfigured', advice, detail);
  }
  return new Fault(
    status === 403 ? 'forbidden' : 'unauthorized',
    `Okta refused to sign the app in (${code}).${quote}`,
    detail,
  );
};
