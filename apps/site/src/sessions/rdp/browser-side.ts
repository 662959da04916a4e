import { isClientInfo, rewriteClientInfo, type SigningIn } from './client-info.ts';
import { rewriteInitial } from './connect-sequence.ts';
import { NoFrame } from './frames.ts';
import { dataRequest, parseMcs } from './mcs.ts';

/** What both directions of one session know of each other. */
export interface Session {
  /** Which channels the browser asked for; by their order, until the host has numbered them. */
  asked: readonly { readonly name: string; readonly isOpen: boolean }[];
  /** The host's own channel; null until it has said so. */
  main: number | null;
  /** Channels whose traffic goes nowhere. */
  readonly closed: Set<number>;
  /** The channel of the channels that come and go. */
  dynamic: number | null;
}

export interface BrowserSide {
  /** What the host is sent of a message of the browser; null for nothing. Throws for what nobody expects here. */
  pass(frame: Buffer): Buffer | null;
}

/**
 * Follows a client from its first message on. The account is put into the one message that has a place for it, and until
 * that has been sent nothing else of the client goes to the host but what opens the channels.
 */
export const browserSide = (of: {
  readonly session: Session;
  readonly protocol: number;
  readonly account: SigningIn;
  mayHave(channel: string): boolean;
  onInput(): void;
}): BrowserSide => {
  const { session, protocol, account, mayHave, onInput } = of;
  let state: 'initial' | 'joining' | 'signed in' = 'initial';

  const opening = (frame: Buffer): Buffer => {
    const mcs = parseMcs(frame);
    if (mcs.kind !== 'initial') throw new NoFrame('another first message');
    const { frame: rewritten, channels } = rewriteInitial(frame, protocol, mayHave);
    session.asked = channels;
    state = 'joining';
    return rewritten;
  };
  const joining = (frame: Buffer): Buffer => {
    const mcs = parseMcs(frame);
    if (mcs.kind === 'joining' || mcs.kind === 'over') return frame;
    if (mcs.kind !== 'data' || mcs.channel !== session.main || !isClientInfo(mcs.data))
      throw new NoFrame('something else where the sign-in belongs');
    state = 'signed in';
    return dataRequest(mcs.initiator, mcs.channel, rewriteClientInfo(mcs.data, account));
  };
  const open = (frame: Buffer): Buffer | null => {
    if (frame[0] !== 3) {
      if (hasInput(frame)) onInput();
      return frame;
    }
    const mcs = parseMcs(frame);
    if (mcs.kind === 'initial' || mcs.kind === 'response') throw new NoFrame('a second first message');
    if (mcs.kind !== 'data') return frame;
    if (session.closed.has(mcs.channel)) return null;
    if (mcs.channel === session.main && isSlowInput(mcs.data)) onInput();
    return frame;
  };
  return {
    pass(frame) {
      if (state === 'signed in') return open(frame);
      if (frame[0] !== 3) throw new NoFrame('input before the sign-in');
      return state === 'initial' ? opening(frame) : joining(frame);
    },
  };
};

/** Of each event in a message of the short form: how long it is with its head. Keys, pointer (three ways), locks, text, times. */
const eventLengths: Readonly<Record<number, number>> = { 0: 2, 1: 7, 2: 7, 3: 1, 4: 3, 5: 7, 6: 5 };
const quiet = new Set([3, 6]);

/** Whether somebody typed or pointed; the state of the locks and of clocks is sent without anyone. */
const hasInput = (frame: Buffer): boolean => {
  let at = (frame[1] ?? 0) & 0x80 ? 3 : 2;
  let count = ((frame[0] ?? 0) >> 2) & 0xf;
  if (count === 0) count = frame[at++] ?? 0;
  for (; count > 0 && at < frame.length; count--) {
    const kind = (frame[at] ?? 0) >> 5;
    if (!quiet.has(kind)) return true;
    at += eventLengths[kind] ?? frame.length;
  }
  return false;
};

/** The long form (MS-RDPBCGR 2.2.8.1.1.3): the kind of a message among the data, and of its first event. */
const isSlowInput = (data: Buffer): boolean =>
  data.length >= 30 && (data.readUInt16LE(2) & 0xf) === 7 && data[14] === 28 && data.readUInt16LE(26) !== 0;
