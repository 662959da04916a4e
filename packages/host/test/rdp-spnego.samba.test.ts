import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Domain, noSamba, startDomain } from '../../../test/servers/samba/domain.ts';
import { headAt, reader } from '../src/ldap/ber.ts';
import { derElement, derInteger } from '../src/rdp/der.ts';
import { createNtlm } from '../src/rdp/ntlm.ts';
import { isOffered, parseSpnego, spnegoOffer, spnegoProof } from '../src/rdp/spnego.ts';
import { take } from '../src/rdp/take.ts';

const reason = noSamba();
const never = AbortSignal.timeout(60_000);
const text = (value: string) => derElement(0x04, Buffer.from(value));

/** One step of a sign-in by GSS-SPNEGO (RFC 4513 5.2), which carries the same messages as remote desktops do. */
const bind = async (socket: Socket, id: number, token: Buffer) => {
  const sasl = derElement(0xa3, text('GSS-SPNEGO'), derElement(0x04, token));
  socket.write(derElement(0x30, derInteger(id), derElement(0x60, derInteger(3), text(''), sasl)));
  const message = await take(socket, (bytes) => headAt(bytes, 0, bytes.length)?.end ?? null, never);
  const outer = reader(message, 0, message.length).next(0x30);
  const fields = reader(message, outer.start, outer.end);
  fields.next(0x02);
  const answer = fields.next(0x61);
  const parts = reader(message, answer.start, answer.end);
  const code = parts.integer(0x0a);
  parts.next(0x04);
  const said = parts.text(0x04);
  return { code, said, token: parts.tag() === 0x87 ? parts.bytes(0x87) : null };
};

describe.skipIf(reason !== null)(`SPNEGO with NTLM${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let domain: Domain;
  let socket: Socket;
  beforeAll(async () => {
    domain = await startDomain();
  });
  afterAll(() => domain?.stop());

  const signIn = async (password: string) => {
    socket = connect({ host: domain.address, port: 389 });
    await once(socket, 'connect');
    const account = { username: domain.reader.name, domain: domain.names.netbios, password };
    const ntlm = createNtlm({ ...account, target: `ldap/${domain.names.controller}` });
    const challenged = await bind(socket, 1, spnegoOffer(ntlm.negotiate));
    const challenge = challenged.token && parseSpnego(challenged.token).token;
    if (!challenge) throw new Error(`There is no challenge: ${challenged.code} ${challenged.said}`);
    const proof = ntlm.authenticate(challenge);
    return { proof, answer: await bind(socket, 2, spnegoProof(proof)) };
  };

  test('is taken by a domain controller: its proof, its signature over the offer, and what is sealed afterwards', async () => {
    const { proof, answer } = await signIn(domain.reader.password);
    expect(answer).toMatchObject({ code: 0 });
    const { state, mic } = parseSpnego(answer.token ?? Buffer.alloc(0));
    expect(state).toBe('completed');
    expect(mic !== null && isOffered(proof, mic)).toBe(true);
    // From here on everything is sealed: a question, and its answer.
    const none = derElement(0x0a, Buffer.from([0]));
    const question = derElement(
      0x30,
      derInteger(3),
      derElement(
        0x63,
        ...[text(''), none, none, derInteger(0), derInteger(0), derElement(0x01, Buffer.from([0]))],
        ...[derElement(0x87, Buffer.from('objectClass')), derElement(0x30, text('defaultNamingContext'))],
      ),
    );
    const sealed = proof.outgoing.seal(question);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(sealed.length);
    socket.write(Buffer.concat([length, sealed]));
    const heard = await take(socket, (bytes) => (bytes.length < 4 ? null : 4 + bytes.readUInt32BE()), never);
    expect(proof.incoming.unseal(heard.subarray(4))?.toString('latin1')).toContain(domain.names.base);
    socket.destroy();
  });

  test('is refused with a wrong password', async () => {
    const { answer } = await signIn('planted-wrong');
    expect(answer.code).toBe(49);
    socket.destroy();
  });
});
