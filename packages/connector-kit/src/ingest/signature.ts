/**
 * HTTP message signatures (RFC 9421) with Ed25519, as far as a collector and its server use them: one signature over the
 * method, the path and the digest of the body (RFC 9530), with the time, a number that only grows, and who signed.
 */
export interface Signed {
  readonly 'content-digest': string;
  readonly 'signature-input': string;
  readonly signature: string;
}

export interface Message {
  readonly method: string;
  /** Without a query: `/api/collector/batches`. */
  readonly path: string;
  readonly body: Uint8Array;
}

/** What a signature says of itself. */
export interface Claims {
  /** The id of the collector. */
  readonly keyId: string;
  readonly createdAt: Date;
  /** Larger than in every earlier message of the same key, so that one that was listened to cannot be sent again. */
  readonly nonce: number;
}

const components = '("@method" "@path" "content-digest")';
const label = 'gatehouse';

export const signMessage = async (key: CryptoKey, message: Message, claims: Claims): Promise<Signed> => {
  const digest = await digestOf(message.body);
  const params = `${components};created=${Math.floor(claims.createdAt.getTime() / 1_000)};keyid="${claims.keyId}";alg="ed25519";nonce="${claims.nonce}"`;
  const signature = await crypto.subtle.sign('Ed25519', key, baseOf(message, digest, params));
  return {
    'content-digest': digest,
    'signature-input': `${label}=${params}`,
    signature: `${label}=:${toBase64(new Uint8Array(signature))}:`,
  };
};

/** Reads who claims to have signed; nothing of it is proven before `verifyMessage` says so. Null: no such signature. */
export const readClaims = (headers: { readonly [name: string]: unknown }): Claims | null => {
  const input = headers['signature-input'];
  if (typeof input !== 'string') return null;
  const found = paramsOf.exec(input);
  if (!found?.groups) return null;
  const { created = '', keyid = '', nonce = '' } = found.groups;
  return { keyId: keyid, createdAt: new Date(Number(created) * 1_000), nonce: Number(nonce) };
};

const paramsOf =
  /^gatehouse=\("@method" "@path" "content-digest"\);created=(?<created>\d{1,12});keyid="(?<keyid>[0-9a-f-]{36})";alg="ed25519";nonce="(?<nonce>\d{1,16})"$/;

/** True when the holder of the key signed this very message. */
export const verifyMessage = async (
  key: CryptoKey,
  message: Message,
  headers: { readonly [name: string]: unknown },
): Promise<boolean> => {
  const { 'signature-input': input, signature, 'content-digest': digest } = headers;
  if (typeof input !== 'string' || typeof signature !== 'string' || readClaims(headers) === null) return false;
  if (digest !== (await digestOf(message.body))) return false;
  const bytes = /^gatehouse=:([A-Za-z0-9+/]{86}==):$/.exec(signature)?.[1];
  if (bytes === undefined) return false;
  const params = input.slice(label.length + 1);
  return await crypto.subtle.verify('Ed25519', key, fromBase64(bytes), baseOf(message, digest, params));
};

/** The public half of a device key travels as its 32 bytes in base64. */
export const importPublicKey = (base64: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', fromBase64(base64), 'Ed25519', false, ['verify']);

export const exportPublicKey = async (key: CryptoKey): Promise<string> =>
  toBase64(new Uint8Array(await crypto.subtle.exportKey('raw', key)));

const digestOf = async (body: Uint8Array): Promise<string> =>
  `sha-256=:${toBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(body))))}:`;

/** Only the path counts as target, so that a proxy that hides the server behind another name breaks nothing. */
const baseOf = ({ method, path }: Message, digest: string, params: string) =>
  new TextEncoder().encode(
    `"@method": ${method}\n"@path": ${path}\n"content-digest": ${digest}\n"@signature-params": ${params}`,
  );

const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
