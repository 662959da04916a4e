import { base64url, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** Proofs of possession (RFC 9449) by a key that lives as long as the client and never leaves it. */
export interface Prover {
  /** One proof, for one request. `token` for requests to the API, none when asking for a token. */
  proof(of: { method: string; url: URL; nonce: string | null; token: string | null; at: Date }): Promise<string>;
  readonly thumbprint: string;
}

export const createProver = async (): Promise<Prover> => {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  return {
    thumbprint: await calculateJwkThumbprint(jwk),
    async proof({ method, url, nonce, token, at }) {
      const claims = {
        htm: method,
        // Without query and fragment (RFC 9449, 4.2).
        htu: `${url.origin}${url.pathname}`,
        ...(nonce === null ? {} : { nonce }),
        ...(token === null ? {} : { ath: await hashOf(token) }),
      };
      return new SignJWT(claims)
        .setProtectedHeader(headerOf(jwk))
        .setIssuedAt(at)
        .setJti(crypto.randomUUID())
        .sign(privateKey);
    },
  };
};

const headerOf = (jwk: JWK) => ({ alg: 'ES256', typ: 'dpop+jwt', jwk });

const hashOf = async (token: string) =>
  base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))));
