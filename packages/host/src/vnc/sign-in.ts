import type { Duplex } from 'node:stream';
import { setTimeout as later } from 'node:timers/promises';
import { encrypt } from './encrypt.ts';
import { readExactly } from './read-exactly.ts';
import { answerOf, asksForAccount, hasCertificate, numberOf, plainOf, spokenOf, vencrypt } from './security.ts';
import { readScreen } from './server-init.ts';
import type { Vnc, VncOptions, VncSecurity } from './vnc.ts';
import type { VncFaults } from './vnc-faults.ts';

/** Minor versions of RFB 3 that differ in how they sign in. */
type Version = 3 | 7 | 8;

/** Reads the greeting of a VNC server and answers it. */
export const greet = async (socket: Duplex, faults: VncFaults): Promise<Version> => {
  const greeting = (await readExactly(socket, 12)).toString('latin1');
  const [, major, minor] = /^RFB (\d{3})\.(\d{3})\n$/.exec(greeting) ?? [];
  const told = Number(major) * 1_000 + Number(minor);
  // 3.889 is Apple's, 4 and 5 are RealVNC's: they speak 3.8 with whoever does. 0.0 is a repeater.
  if (Number.isNaN(told) || told < 3_003) throw faults.of('no VNC', `it greeted with ${JSON.stringify(greeting)}`);
  const version = told >= 3_008 ? 8 : told === 3_007 ? 7 : 3;
  socket.write(`RFB 003.00${version}\n`);
  return version;
};

/** Everything from there to the first word about the screen. */
export const signIn = async (
  socket: Duplex,
  version: Version,
  options: VncOptions,
  faults: VncFaults,
): Promise<Omit<Vnc, 'close'>> => {
  const offered = await readOffer(socket, version, faults);
  let stream: Duplex = socket;
  let fingerprint: string | null = null;
  let security: VncSecurity;
  if (offered.includes(vencrypt)) {
    socket.write(Buffer.of(vencrypt));
    security = choose(await readSubtypes(socket, faults), options, faults);
    socket.write(uint32(numberOf[security]));
    if (security !== 'None' && security !== 'VncAuth') {
      const [agrees] = await readExactly(socket, 1);
      if (agrees !== 1) throw faults.of('no encryption', `it did not go on with ${security}`);
      const encrypted = await encrypt(socket, security, options, faults);
      stream = encrypted.secure;
      fingerprint = encrypted.fingerprint;
    }
  } else {
    security = choose(offered, options, faults);
    // In 3.3 the server decides and says so.
    if (version > 3) socket.write(Buffer.of(numberOf[security]));
  }
  await prove(stream, security, options);
  if (security !== 'None' || version === 8 || offered.includes(vencrypt))
    await readResult(stream, version, security, faults);
  // Shared: whoever else looks at this screen stays.
  stream.write(Buffer.of(1));
  return { security, fingerprint, stream, screen: await readScreen(stream, faults) };
};

const readOffer = async (socket: Duplex, version: Version, faults: VncFaults): Promise<readonly number[]> => {
  const offered =
    version === 3
      ? [(await readExactly(socket, 4)).readUInt32BE()].filter((type) => type !== 0)
      : [...(await readExactly(socket, (await readExactly(socket, 1)).readUInt8()))];
  if (offered.length > 0) return offered;
  const reason = await readReason(socket);
  throw faults.of(isTooMany(reason) ? 'too many' : 'turned away', `it turned away: ${reason}`);
};

const readSubtypes = async (socket: Duplex, faults: VncFaults): Promise<readonly number[]> => {
  const told = (await readExactly(socket, 2)).readUInt16BE();
  if (told < 2) throw faults.of('no way', `VeNCrypt 0.${told}`);
  socket.write(Buffer.of(0, 2));
  const [refusal] = await readExactly(socket, 1);
  if (refusal !== 0) throw faults.of('no way', 'it refused VeNCrypt 0.2');
  const list = await readExactly(socket, (await readExactly(socket, 1)).readUInt8() * 4);
  return Array.from({ length: list.length / 4 }, (_, i) => list.readUInt32BE(i * 4));
};

/** The strongest of them. Throws where there is none, or none for this account and this trust. */
const choose = (offered: readonly number[], { account, trust }: VncOptions, faults: VncFaults): VncSecurity => {
  const list = offered.slice(0, 20).join(', ');
  const spoken = spokenOf(offered);
  if (spoken.length === 0) throw faults.of('no way', `it offers ${list}`);
  const trusted = trust.kind === 'pinned' ? spoken.filter(hasCertificate) : spoken;
  if (trusted.length === 0) throw faults.of('no certificate', `it offers ${list}`);
  const [best] = account === '' ? trusted.filter((security) => !asksForAccount(security)) : trusted;
  if (best === undefined) throw faults.of('no account', `it offers ${list}`);
  return best;
};

const prove = async (stream: Duplex, security: VncSecurity, { account, password }: VncOptions): Promise<void> => {
  if (security.endsWith('None')) return;
  if (asksForAccount(security)) stream.write(plainOf(account, password.reveal()));
  else stream.write(answerOf(await readExactly(stream, 16), password.reveal()));
};

const readResult = async (
  stream: Duplex,
  version: Version,
  security: VncSecurity,
  faults: VncFaults,
): Promise<void> => {
  const result = (await readExactly(stream, 4)).readUInt32BE();
  if (result === 0) return;
  if (result > 2) throw faults.of('garbled', `the result of the sign-in was ${result}`);
  const reason = version === 8 ? await readReason(stream) : '';
  const refusal = security.endsWith('None') ? 'turned away' : 'refused';
  const problem = result === 2 || isTooMany(reason) ? 'too many' : refusal;
  throw faults.of(problem, `${security}, result ${result}: ${reason}`);
};

/** RFB has no code for this: these are the sentences of TigerVNC, RealVNC, LibVNCServer and their kin. */
const isTooMany = (reason: string): boolean => /\btoo many\b/i.test(reason);

const longestReason = 1_000;
const reasonMs = 2_000;

/** Why it refuses, or as much of it as is worth a line. That it refuses is known: nothing is lost without a reason. */
const readReason = async (stream: Duplex): Promise<string> => {
  const read = async () => {
    const length = (await readExactly(stream, 4)).readUInt32BE();
    return (await readExactly(stream, Math.min(length, longestReason))).toString('utf8');
  };
  return await Promise.race([read().catch(() => ''), later(reasonMs, '', { ref: false })]);
};

const uint32 = (number: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
};
