import { Malformed, reader } from '../ldap/ber.ts';
import { derElement } from './der.ts';
import type { NtlmProof } from './ntlm.ts';

/** 1.3.6.1.5.5.2 and 1.3.6.1.4.1.311.2.2.10. */
const spnego = Buffer.from('06062b0601050502', 'hex');
const ntlmssp = Buffer.from('060a2b06010401823702020a', 'hex');
const mechanisms = derElement(0x30, ntlmssp);

/** The offer: NTLM alone, with its first message (RFC 4178 4.2.1). */
export const spnegoOffer = (message: Buffer): Buffer =>
  derElement(
    0x60,
    spnego,
    derElement(0xa0, derElement(0x30, derElement(0xa0, mechanisms), derElement(0xa2, derElement(0x04, message)))),
  );

/** The proof, with a signature over what was offered, so that nobody can have made it weaker. */
export const spnegoProof = ({ message, outgoing }: NtlmProof): Buffer =>
  derElement(
    0xa1,
    derElement(
      0x30,
      derElement(0xa2, derElement(0x04, message)),
      derElement(0xa3, derElement(0x04, outgoing.sign(mechanisms))),
    ),
  );

export interface SpnegoAnswer {
  readonly state: 'completed' | 'incomplete' | 'rejected' | null;
  readonly token: Buffer | null;
  readonly mic: Buffer | null;
}

/** Throws `Malformed`. */
export const parseSpnego = (bytes: Buffer): SpnegoAnswer => {
  const outer = reader(bytes, 0, bytes.length).next(0xa1);
  const body = reader(bytes, outer.start, outer.end).next(0x30);
  const fields = reader(bytes, body.start, body.end);
  const found = new Map<number, Buffer>();
  for (let tag = fields.tag(); tag !== null; tag = fields.tag()) found.set(tag, fields.bytes(tag));
  const octets = (tag: number) => {
    const field = found.get(tag);
    return field === undefined ? null : reader(field, 0, field.length).bytes(0x04);
  };
  const state = found.get(0xa0);
  const mechanism = found.get(0xa1);
  if (mechanism !== undefined && !mechanism.equals(ntlmssp)) throw new Malformed('another mechanism than NTLM');
  return {
    state: state === undefined ? null : (states[reader(state, 0, state.length).integer(0x0a)] ?? 'rejected'),
    ...{ token: octets(0xa2), mic: octets(0xa3) },
  };
};

const states = ['completed', 'incomplete', 'rejected', 'incomplete'] as const;

/** Whether a signature that came is the host's over what was offered. */
export const isOffered = ({ incoming }: NtlmProof, mic: Buffer): boolean => incoming.sign(mechanisms).equals(mic);
