import { createHash, randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { Fault } from '@gatehouse/kernel';
import { headAt, Malformed } from '../ldap/ber.ts';
import { createNtlm, type NtlmProof } from './ntlm.ts';
import type { RdpFaults } from './rdp-faults.ts';
import { isOffered, parseSpnego, spnegoOffer, spnegoProof } from './spnego.ts';
import { take } from './take.ts';
import { parseTsRequest, passwordCredentials, type TsRequest, toDer } from './ts-request.ts';

export interface CredSsp {
  readonly stream: Duplex;
  /** The key of the certificate, without what kind it is: what stands in its BIT STRING. */
  readonly publicKey: Buffer;
  readonly host: string;
  readonly account: { readonly username: string; readonly domain: string; readonly password: string };
  /** Some servers, FreeRDP 2 among them, take NTLM only as it is. */
  readonly wrapping: 'spnego' | 'none';
  readonly faults: RdpFaults;
  readonly signal: AbortSignal;
}

/** Ours; the host's decides what is spoken where it is lower. */
const version = 6;
const longest = 16_384;

/** The host refused the first message, or ended the connection at it, before anything about the account was said. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
}

/**
 * Network level authentication as a client (MS-CSSP 3.1.5): both prove to know the account's password, and that they see
 * the same key of TLS; then the password goes over. Throws a Fault, `NotTaken`, `Malformed` or what the stream throws.
 */
export const proveByCredSsp = async (of: CredSsp): Promise<void> => {
  const { stream, faults, signal, wrapping, account } = of;
  const send = (request: Partial<TsRequest>) => void stream.write(toDer({ version, ...request }));
  const hear = async (): Promise<TsRequest> => {
    const heard = parseTsRequest(await take(stream, derLength, signal));
    if (heard.error !== null && heard.error !== 0) throw faults.status(heard.error);
    return heard;
  };
  const ntlm = createNtlm({ ...account, target: `TERMSRV/${of.host}` });

  send({ token: wrapping === 'spnego' ? spnegoOffer(ntlm.negotiate) : ntlm.negotiate });
  const challenged = await hear().catch((error: unknown) => {
    if (signal.aborted || error instanceof Malformed) throw error;
    throw new NotTaken('at the first message', { cause: error });
  });
  const spoken = Math.min(version, challenged.version);
  const proof = ntlm.authenticate(challengeOf(challenged, wrapping));
  const nonce = randomBytes(32);
  const bindingOf = (side: keyof typeof magic) => binding(of.publicKey, spoken, nonce, side);
  const key = () => ({ publicKey: proof.outgoing.seal(bindingOf('client')), ...(spoken >= 5 && { nonce }) });
  // Some hosts have no words for an account that they do not let in.
  const judged = () =>
    hear().catch((error: unknown) => {
      if (signal.aborted || error instanceof Malformed || error instanceof Fault) throw error;
      throw faults.of('closed', 'ended at the proof');
    });
  let judgement: TsRequest;
  if (wrapping === 'spnego') {
    send({ token: spnegoProof(proof) });
    confirm(await judged(), proof, faults);
    send(key());
    judgement = await hear();
  } else {
    send({ token: proof.message, ...key() });
    judgement = await judged();
  }
  const { publicKey } = judgement;
  const shown = publicKey === null ? null : proof.incoming.unseal(publicKey);
  if (shown === null || !shown.equals(bindingOf('server')))
    throw faults.of('not bound', 'the public key came back otherwise');
  send({ credentials: proof.outgoing.seal(passwordCredentials(account)) });
};

const derLength = (bytes: Buffer): number | null => {
  const first = headAt(bytes, 0, bytes.length);
  if (first !== null && (first.tag !== 0x30 || first.end > longest))
    throw new Malformed('no message, or too long a one');
  return first?.end ?? null;
};

const challengeOf = ({ token }: TsRequest, wrapping: CredSsp['wrapping']): Buffer => {
  const challenge = token !== null && wrapping === 'spnego' ? parseSpnego(token).token : token;
  if (challenge === null) throw new Malformed('no challenge');
  return challenge;
};

/** The host says that it is content, and signs what was offered. */
const confirm = ({ token }: TsRequest, proof: NtlmProof, faults: RdpFaults): void => {
  if (token === null) throw new Malformed('no word on the proof');
  const { state, mic } = parseSpnego(token);
  if (state === 'rejected') throw faults.of('refused', 'SPNEGO: rejected');
  if (state !== 'completed') throw new Malformed('the exchange goes on where it should end');
  if (mic !== null && !isOffered(proof, mic)) throw faults.of('not bound', 'SPNEGO: another offer was signed');
};

const magic = {
  client: Buffer.from('CredSSP Client-To-Server Binding Hash\0'),
  server: Buffer.from('CredSSP Server-To-Client Binding Hash\0'),
} as const;

/** What ties the exchange to this connection of TLS. Before version 5 it is the key itself, and one more coming back. */
const binding = (publicKey: Buffer, spoken: number, nonce: Buffer, side: keyof typeof magic): Buffer => {
  if (spoken >= 5) return createHash('sha256').update(magic[side]).update(nonce).update(publicKey).digest();
  const shown = Buffer.from(publicKey);
  if (side === 'server') shown[0] = ((shown[0] ?? 0) + 1) & 0xff;
  return shown;
};
