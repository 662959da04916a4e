import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';

/** The key pair of an app: a PKCS#1 PEM as GitHub hands it out, and the half that GitHub keeps. */
export interface AppKey {
  readonly privateKey: string;
  readonly publicKey: KeyObject;
}

export const newAppKey = (): AppKey => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return { privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(), publicKey };
};

export const appKeyOf = (privateKey: string): AppKey => ({ privateKey, publicKey: createPublicKey(privateKey) });

/** Null: a good proof. Otherwise what GitHub answers: 404 for an app that it does not know, 401 for anything else. */
export const refusalOf = (
  authorization: string | undefined,
  of: { key: AppKey; appId: number; now: Date },
): { status: number; message: string } | null => {
  const [, header = '', payload = '', signature = ''] =
    /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(authorization ?? '') ?? [];
  const undecoded = { status: 401, message: 'A JSON web token could not be decoded' };
  if (header === '') return undecoded;
  // Signed by the key that is checked below; every claim may be missing.
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
    iat?: number;
    exp?: number;
    iss?: unknown;
  };
  if (String(claims.iss) !== String(of.appId)) return { status: 404, message: 'Integration not found' };
  const isSigned = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${payload}`),
    of.key.publicKey,
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) return undecoded;
  const now = of.now.getTime() / 1_000;
  const { iat = 0, exp = 0 } = claims;
  if (exp <= now) {
    return {
      status: 401,
      message:
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    };
  }
  if (exp > now + 600) return { status: 401, message: "'Expiration time' claim ('exp') is too far in the future" };
  if (iat > now) {
    return {
      status: 401,
      message: "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    };
  }
  return null;
};
