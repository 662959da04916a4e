import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import { headAt, reader } from '../src/ldap/ber.ts';
import { derElement, derInteger } from '../src/rdp/der.ts';
import { accountKey, createSeal, hmacMd5, type Seal, utf16 } from '../src/rdp/ntlm-keys.ts';
import { createRc4 } from '../src/rdp/rc4.ts';
import { take } from '../src/rdp/take.ts';
import { parseTsRequest, toDer } from '../src/rdp/ts-request.ts';
import { packetLength } from '../src/rdp/x224.ts';

/** What a host does at each step, where it is not what a good one does. */
export interface Manners {
  /** In place of the confirm. */
  readonly confirm?: Buffer | 'silent';
  readonly protocol?: 1 | 2 | 8;
  readonly tls?: 'silent' | Buffer;
  /** Of CredSSP. */
  readonly version?: number;
  readonly wrapping?: 'spnego' | 'none';
  /** In place of the challenge, of what follows the proof, and of the answer to the public key. */
  readonly challenge?: Buffer | 'silent';
  readonly judgement?: Buffer | 'silent' | 'cut';
  readonly status?: number;
  readonly binding?: 'another';
  /** After the sign-in, where the protocol is 8. */
  readonly result?: number | 'silent';
}

export interface Desktop extends AsyncDisposable {
  readonly port: number;
  readonly connections: () => number;
  /** What it was given to sign in with; null where nothing was. */
  readonly credentials: () => { username: string; domain: string; password: string } | null;
}

/** A host that is as good or as bad as a test wants it, written from the other side of MS-CSSP and MS-NLMP. */
export const startDesktop = async (
  identity: { key: string; certificate: string },
  account: { username: string; domain: string; password: string },
  manners: Manners = {},
): Promise<Desktop> => {
  let connections = 0;
  let credentials: { username: string; domain: string; password: string } | null = null;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    talk(socket, identity, account, manners).then(
      (given) => {
        credentials = given ?? credentials;
      },
      () => socket.destroy(),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('There is no port.');
  return {
    ...{ port: address.port, connections: () => connections, credentials: () => credentials },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

const never = new AbortController().signal;

const talk = async (
  socket: Socket,
  identity: { key: string; certificate: string },
  account: { username: string; domain: string; password: string },
  manners: Manners,
) => {
  const { confirm, protocol = 2 } = manners;
  await take(socket, packetLength, never);
  if (confirm === 'silent') return null;
  socket.write(confirm ?? Buffer.from([3, 0, 0, 19, 14, 0xd0, 0, 0, 0, 0, 0, 2, 0, 8, 0, protocol, 0, 0, 0]));
  if (manners.tls === 'silent') return null;
  if (manners.tls !== undefined) return void socket.write(manners.tls);
  const stream = new TLSSocket(socket, {
    isServer: true,
    secureContext: createSecureContext({ key: identity.key, cert: identity.certificate }),
  });
  stream.on('error', () => undefined);
  if (protocol === 1) return null;
  return credSsp(stream, new X509Certificate(identity.certificate), account, manners);
};

const whole = (bytes: Buffer) => headAt(bytes, 0, bytes.length)?.end ?? null;

const credSsp = async (
  stream: Duplex,
  certificate: X509Certificate,
  account: { username: string; domain: string; password: string },
  manners: Manners,
) => {
  const { version = 6, wrapping = 'spnego' } = manners;
  const hear = async () => parseTsRequest(await take(stream, whole, never));
  const send = (request: Omit<Parameters<typeof toDer>[0], 'version'>) => stream.write(toDer({ version, ...request }));
  const offer = (await hear()).token ?? Buffer.alloc(0);
  const isWrapped = offer[0] === 0x60;
  if (isWrapped !== (wrapping === 'spnego')) return void stream.end();
  if (manners.challenge === 'silent') return null;
  if (manners.challenge !== undefined) return void stream.write(manners.challenge);
  const negotiate = isWrapped ? offer.subarray(offer.indexOf('NTLMSSP')) : offer;
  const serverChallenge = randomBytes(8);
  const challenge = challengeWith(serverChallenge);
  const answer = (state: number, tag: number, token: Buffer) =>
    derElement(
      0xa1,
      derElement(
        0x30,
        derElement(0xa0, derElement(0x0a, Buffer.from([state]))),
        derElement(0xa1, Buffer.from('060a2b06010401823702020a', 'hex')),
        derElement(tag, derElement(0x04, token)),
      ),
    );
  send({ token: isWrapped ? answer(1, 0xa2, challenge) : challenge });
  const proven = await hear();
  const token = proven.token ?? Buffer.alloc(0);
  const message = isWrapped ? octets(token, 0xa2) : token;
  if (manners.judgement === 'silent') return null;
  if (manners.judgement === 'cut') return void stream.destroy();
  if (manners.judgement !== undefined) return void stream.write(manners.judgement);
  const keys = proof(account, serverChallenge, { negotiate, challenge, message });
  if (manners.status !== undefined || keys === null)
    return void stream.end(
      derElement(
        0x30,
        derElement(0xa0, derInteger(version)),
        derElement(0xa4, derElement(0x02, status(manners.status ?? 0xc000006d))),
      ),
    );
  const mechanisms = derElement(0x30, Buffer.from('060a2b06010401823702020a', 'hex'));
  let bound = proven;
  if (isWrapped) {
    if (!keys.incoming.sign(mechanisms).equals(octets(token, 0xa3))) throw new Error('the offer was signed otherwise');
    send({ token: answer(0, 0xa3, keys.outgoing.sign(mechanisms)) });
    bound = await hear();
  }
  const key = subjectPublicKey(certificate);
  const nonce = bound.nonce ?? Buffer.alloc(0);
  const shown = keys.incoming.unseal(bound.publicKey ?? Buffer.alloc(0));
  const hash = (side: string) =>
    createHash('sha256').update(`CredSSP ${side} Binding Hash\0`).update(nonce).update(key).digest();
  if (!shown?.equals(version >= 5 ? hash('Client-To-Server') : key)) throw new Error('bound to another key');
  const plus = Buffer.from(key);
  plus[0] = ((plus[0] ?? 0) + 1) & 0xff;
  const back = version >= 5 ? hash('Server-To-Client') : plus;
  if (manners.binding === 'another') back[3] = (back[3] ?? 0) ^ 1;
  send({ publicKey: keys.outgoing.seal(back) });
  const sealed = (await hear()).credentials ?? Buffer.alloc(0);
  const given = keys.incoming.unseal(sealed);
  if (manners.protocol === 8 && manners.result !== 'silent') {
    const result = Buffer.alloc(4);
    result.writeUInt32LE(manners.result ?? 0);
    stream.write(result);
  }
  return given === null ? null : credentialsIn(given);
};

const status = (code: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(code);
  return bytes;
};

/** A field of a NegTokenResp. */
const octets = (token: Buffer, tag: number): Buffer => {
  const outer = reader(token, 0, token.length).next(0xa1);
  const body = reader(token, outer.start, outer.end).next(0x30);
  const fields = reader(token, body.start, body.end);
  while (fields.tag() !== tag) fields.skip();
  const field = fields.next(tag);
  return reader(token, field.start, field.end).bytes(0x04);
};

const challengeWith = (serverChallenge: Buffer): Buffer => {
  const now = Buffer.alloc(8);
  now.writeBigUInt64LE((BigInt(Date.now()) + 11_644_473_600_000n) * 10_000n);
  const name = utf16('HOST');
  const list = Buffer.concat([
    Buffer.from([1, 0, name.length, 0]),
    name,
    Buffer.from([7, 0, 8, 0]),
    now,
    Buffer.alloc(4),
  ]);
  const message = Buffer.concat([Buffer.from('NTLMSSP\0'), Buffer.from([2, 0, 0, 0]), Buffer.alloc(36), list]);
  message.writeUInt32LE(0xe28a8235, 20);
  serverChallenge.copy(message, 24);
  message.writeUInt16LE(list.length, 40);
  message.writeUInt16LE(list.length, 42);
  message.writeUInt32LE(48, 44);
  return message;
};

/** Null for a wrong one. */
const proof = (
  account: { username: string; domain: string; password: string },
  serverChallenge: Buffer,
  { negotiate, challenge, message }: Record<'negotiate' | 'challenge' | 'message', Buffer>,
): { incoming: Seal; outgoing: Seal } | null => {
  const field = (at: number) => {
    const from = message.readUInt32LE(at + 4);
    return message.subarray(from, from + message.readUInt16LE(at));
  };
  const [domain, username] = [field(28).toString('utf16le'), field(36).toString('utf16le')];
  const key = accountKey({ username, domain, password: account.password });
  const answer = field(20);
  if (username !== account.username || domain !== account.domain) return null;
  if (!hmacMd5(key, serverChallenge, answer.subarray(16)).equals(answer.subarray(0, 16))) return null;
  const sessionKey = createRc4(hmacMd5(key, answer.subarray(0, 16))).apply(field(52));
  const without = Buffer.from(message);
  without.fill(0, 72, 88);
  if (!hmacMd5(sessionKey, negotiate, challenge, without).equals(message.subarray(72, 88))) return null;
  return { incoming: createSeal(sessionKey, 'client-to-server'), outgoing: createSeal(sessionKey, 'server-to-client') };
};

const subjectPublicKey = (certificate: X509Certificate): Buffer => {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  const outer = reader(spki, 0, spki.length).next(0x30);
  const parts = reader(spki, outer.start, outer.end);
  parts.next(0x30);
  return parts.bytes(0x03).subarray(1);
};

const credentialsIn = (bytes: Buffer) => {
  const outer = reader(bytes, 0, bytes.length).next(0x30);
  const fields = reader(bytes, outer.start, outer.end);
  fields.next(0xa0);
  const held = fields.next(0xa1);
  const inner = reader(bytes, held.start, held.end).bytes(0x04);
  const list = reader(inner, 0, inner.length).next(0x30);
  const texts = reader(inner, list.start, list.end);
  const [domain = '', username = '', password = ''] = [0xa0, 0xa1, 0xa2].map((tag) => {
    const field = texts.next(tag);
    return reader(inner, field.start, field.end).bytes(0x04).toString('utf16le');
  });
  return { username, domain, password };
};
