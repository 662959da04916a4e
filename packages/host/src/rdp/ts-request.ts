import { Malformed, reader } from '../ldap/ber.ts';
import { derElement, derInteger } from './der.ts';
import { utf16 } from './ntlm-keys.ts';

/** One message of network level authentication (MS-CSSP 2.2.1). */
export interface TsRequest {
  readonly version: number;
  readonly token: Buffer | null;
  readonly credentials: Buffer | null;
  readonly publicKey: Buffer | null;
  /** An NTSTATUS. */
  readonly error: number | null;
  readonly nonce: Buffer | null;
}

export const toDer = (request: Partial<TsRequest> & { version: number }): Buffer => {
  const octets = (tag: number, bytes: Buffer | null | undefined) =>
    bytes === null || bytes === undefined ? [] : [derElement(tag, derElement(0x04, bytes))];
  const { version, token } = request;
  return derElement(
    0x30,
    derElement(0xa0, derInteger(version)),
    ...(token ? [derElement(0xa1, derElement(0x30, derElement(0x30, ...octets(0xa0, token))))] : []),
    ...octets(0xa2, request.credentials),
    ...octets(0xa3, request.publicKey),
    ...octets(0xa5, request.nonce),
  );
};

/** Throws `Malformed`. */
export const parseTsRequest = (bytes: Buffer): TsRequest => {
  const outer = reader(bytes, 0, bytes.length).next(0x30);
  const fields = reader(bytes, outer.start, outer.end);
  const found = new Map<number, Buffer>();
  for (let tag = fields.tag(); tag !== null; tag = fields.tag()) found.set(tag, fields.bytes(tag));
  const octets = (tag: number) => {
    const field = found.get(tag);
    return field === undefined ? null : reader(field, 0, field.length).bytes(0x04);
  };
  const integer = (tag: number) => {
    const field = found.get(tag);
    if (field === undefined) return null;
    const value = reader(field, 0, field.length).bytes(0x02);
    // An NTSTATUS is written as a number of four bytes with a sign, or of five without.
    if (value.length < 1 || value.length > 5) throw new Malformed('an integer that is none');
    return value.readIntBE(0, value.length) >>> 0;
  };
  const version = integer(0xa0);
  if (version === null || version < 2) throw new Malformed('no version of network level authentication');
  const tokens = found.get(0xa1);
  return {
    ...{ version, token: tokens === undefined ? null : firstToken(tokens) },
    ...{ credentials: octets(0xa2), publicKey: octets(0xa3), error: integer(0xa4), nonce: octets(0xa5) },
  };
};

const firstToken = (bytes: Buffer): Buffer => {
  const list = reader(bytes, 0, bytes.length).next(0x30);
  const item = reader(bytes, list.start, list.end).next(0x30);
  const field = reader(bytes, item.start, item.end).next(0xa0);
  return reader(bytes, field.start, field.end).bytes(0x04);
};

/** What the host may sign in with (MS-CSSP 2.2.1.2): a password. */
export const passwordCredentials = (of: { domain: string; username: string; password: string }): Buffer => {
  const part = (tag: number, text: string) => derElement(tag, derElement(0x04, utf16(text)));
  const password = derElement(0x30, part(0xa0, of.domain), part(0xa1, of.username), part(0xa2, of.password));
  return derElement(0x30, derElement(0xa0, derInteger(1)), derElement(0xa1, derElement(0x04, password)));
};
