import { Fault } from '@gatehouse/kernel';
import type { Session } from './browser-side.ts';
import { channelNumbers } from './connect-sequence.ts';
import { NoFrame } from './frames.ts';
import { parseMcs } from './mcs.ts';

export interface HostSide {
  /** What the browser is sent of a message of the host; null for nothing. Throws a Fault where the session cannot go on here. */
  pass(frame: Buffer): Buffer | null;
  /** Why the host ends it, where it has said so and it was not in order. */
  fault(): Fault | null;
}

/** Kinds of a message on the host's own channel (MS-RDPBCGR 2.2.8.1.1.1.1, 2.2.8.1.1.2). */
const kinds = { active: 1, data: 7, redirection: 0xa } as const;
const dataKinds = { fontMap: 0x28, errorInfo: 0x2f } as const;
const redirectionFlag = 0x400;

/** The only channels that may come and go: the size of the screen, and pictures. */
const dynamicNames = new Set(['microsoft::windows::rds::displaycontrol', 'microsoft::windows::rds::graphics']);

/**
 * Follows a host. None of its messages carries a password but the one that sends a client on to another host, and that one
 * is never passed on. What it gives for a reconnection is good for this session alone, and is no password.
 */
export const hostSide = (of: {
  readonly session: Session;
  readonly name: string;
  /** The desktop is there. */
  onDesktop(): void;
}): HostSide => {
  const { session, name, onDesktop } = of;
  let error = 0;
  let isActive = false;

  const numbered = (frame: Buffer) => {
    const { main, others } = channelNumbers(frame);
    session.main = main;
    for (const [i, { name: channel, isOpen }] of session.asked.entries()) {
      const number = others[i];
      if (number === undefined) continue;
      if (!isOpen) session.closed.add(number);
      if (isOpen && channel.toLowerCase() === 'drdynvc') session.dynamic = number;
    }
  };
  const sentOn = () =>
    new Fault(
      'unsupported',
      `${name} sends this session on to another host, which is not followed from here. Add that host as an endpoint of its own.`,
    );
  /** Several may come in one piece, each with its own length. */
  const main = (data: Buffer) => {
    for (let at = 0; at + 6 <= data.length; ) {
      const length = data.readUInt16LE(at);
      const kind = data.readUInt16LE(at + 2) & 0xf;
      if (kind === kinds.active) isActive = true;
      // Until then it may be a licence, or a redirection in the older form; both have flags where others have a length.
      if (kind === kinds.redirection || (!isActive && (length & redirectionFlag) !== 0)) throw sentOn();
      if (!isActive || length < 6 || at + length > data.length) return;
      if (kind === kinds.data) desktopOrError(data.subarray(at, at + length));
      at += length;
    }
  };
  const desktopOrError = (data: Buffer) => {
    if (data[14] === dataKinds.fontMap) onDesktop();
    if (data[14] === dataKinds.errorInfo && data.length >= 22) error = data.readUInt32LE(18);
  };
  return {
    pass(frame) {
      if (frame[0] !== 3) return frame;
      const mcs = parseMcs(frame);
      if (mcs.kind === 'initial') throw new NoFrame('a request where an answer belongs');
      if (mcs.kind === 'response') {
        if (session.main !== null) throw new NoFrame('a second first answer');
        numbered(frame);
      }
      if (mcs.kind !== 'data') return frame;
      if (session.closed.has(mcs.channel)) return null;
      if (mcs.channel === session.main) main(mcs.data);
      return mcs.channel === session.dynamic && opensOther(mcs.data) ? null : frame;
    },
    fault: () => (error === 0 ? null : faultOf(error, name)),
  };
};

/** Opens a channel that is not one of ours: creation (MS-RDPEDYC 2.2.2.1), in one piece behind the head of channels. */
const opensOther = (data: Buffer): boolean => {
  const head = data[8];
  if (head === undefined || head >> 4 !== 1) return false;
  const from = 9 + (1 << (head & 3));
  const name = data.toString('latin1', from).split('\0')[0] ?? '';
  return !dynamicNames.has(name.toLowerCase());
};

/** What of MS-RDPBCGR 2.2.5.1.1 is no ordinary end: not idle, not signed out, not taken over by another connection. */
const faultOf = (error: number, name: string): Fault | null => {
  const detail = `error information 0x${error.toString(16)}`;
  const is = (kind: Fault['kind'], advice: string) => new Fault(kind, advice, detail);
  if ([1, 2, 3, 5, 11, 12].includes(error)) return null;
  if (error === 4) return is('forbidden', `${name} waited too long for the sign-in to end.`);
  if (error === 7 || error === 9)
    return is('forbidden', `The account may not sign in to ${name} by remote desktop. Add it to those who may.`);
  if (error === 10) return is('unauthorized', `${name} wants the account to prove itself again.`);
  if (error >= 0x100 && error <= 0x10a)
    return is('forbidden', `${name} has no licence for another remote desktop. Its administrator can tell.`);
  return is('unexpected', `${name} ended the session with an error. The log of this server says which.`);
};
