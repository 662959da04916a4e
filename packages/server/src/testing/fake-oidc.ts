import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** Who the provider says has signed in there. */
export interface OidcPerson {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
}

export interface FakeOidc extends AsyncDisposable {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The person of the next sign-in. */
  person: OidcPerson;
  /** Signs id tokens with a key that is not in the key set, as an attacker would. */
  forge: boolean;
  close(): Promise<void>;
}

/** A small OpenID Connect provider on loopback: discovery, code flow with PKCE, RS256 id tokens. */
export const fakeOidc = async (): Promise<FakeOidc> => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { privateKey: foreignKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const codes = new Map<string, { challenge: string; redirect: string; nonce: string | null }>();
  const provider = {
    issuer: '',
    clientId: 'gatehouse',
    clientSecret: randomBytes(16).toString('hex'),
    person: { sub: '1', email: 'nobody@example.com', email_verified: true, name: 'Nobody' } as OidcPerson,
    forge: false,
  };

  const token = (body: URLSearchParams, authorization: string | undefined) => {
    const [id, secret] = authorization?.startsWith('Basic ')
      ? Buffer.from(authorization.slice(6), 'base64').toString().split(':').map(decodeURIComponent)
      : [body.get('client_id'), body.get('client_secret')];
    const code = codes.get(body.get('code') ?? '');
    codes.delete(body.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    const matches = code?.challenge === challenge && code.redirect === body.get('redirect_uri');
    if (id !== provider.clientId || secret !== provider.clientSecret || !matches) return null;
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      ...provider.person,
      iss: provider.issuer,
      aud: provider.clientId,
      iat: now,
      exp: now + 300,
      ...(code.nonce && { nonce: code.nonce }),
    };
    const signed = `${encode({ alg: 'RS256', kid: 'k', typ: 'JWT' })}.${encode(claims)}`;
    const signature = createSign('sha256')
      .update(signed)
      .sign(provider.forge ? foreignKey : privateKey);
    return {
      token_type: 'Bearer',
      expires_in: 300,
      access_token: 'access-1234567890',
      id_token: `${signed}.${signature.toString('base64url')}`,
    };
  };

  const http = createServer(async (request, answer) => {
    const url = new URL(request.url ?? '/', provider.issuer);
    const json = (body: object, status = 200) =>
      answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url.pathname === '/.well-known/openid-configuration') {
      return json({
        issuer: provider.issuer,
        authorization_endpoint: `${provider.issuer}/authorize`,
        token_endpoint: `${provider.issuer}/token`,
        jwks_uri: `${provider.issuer}/keys`,
        id_token_signing_alg_values_supported: ['RS256'],
        response_types_supported: ['code'],
      });
    }
    if (url.pathname === '/keys')
      return json({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256', use: 'sig' }] });
    if (url.pathname === '/authorize') {
      const code = randomBytes(16).toString('hex');
      const redirect = url.searchParams.get('redirect_uri') ?? '';
      codes.set(code, {
        challenge: url.searchParams.get('code_challenge') ?? '',
        redirect,
        nonce: url.searchParams.get('nonce'),
      });
      const back = new URL(redirect);
      back.searchParams.set('code', code);
      back.searchParams.set('state', url.searchParams.get('state') ?? '');
      return answer.writeHead(302, { location: back.href }).end();
    }
    if (url.pathname === '/token') {
      const given = token(new URLSearchParams(await text(request)), request.headers.authorization);
      return given ? json(given) : json({ error: 'invalid_grant' }, 400);
    }
    return json({}, 404);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  provider.issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const close = async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  };
  return Object.assign(provider, { close, [Symbol.asyncDispose]: close });
};

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
