import { z } from 'zod';
import { text } from './shape.ts';
import { LentMachine, Lsid } from './support.ts';

/** What pages in a support session say and hear, over one WebSocket each. Parts of a screen are binary messages. */

const When = z.iso.datetime();
/** Made by the page: said twice it is the same. */
export const MessageId = z.uuid('Make an id with crypto.randomUUID().');
export const chatCharacters = 10_000;
export const ChatText = text(chatCharacters, 1);

/** What two pages agree on to connect to each other; the site only carries it. */
const Signal = z.strictObject({
  kind: z.enum(['want', 'relay', 'stop', 'offer', 'answer', 'candidate', 'declined']),
  /** Of an offer or answer; a candidate as JSON. */
  body: z.string().max(60_000).default(''),
});
export type Signal = z.output<typeof Signal>;

const To = z.int().min(1).max(1_000_000);

export const SaidInSession = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('chat'), id: MessageId, text: ChatText }),
  z.strictObject({ type: z.literal('typing') }),
  z.strictObject({ type: z.literal('signal'), to: To, signal: Signal }),
  /** A screen is shared from now on, or not any more. `mediaType` is that of its recording. */
  z.strictObject({ type: z.literal('screen'), on: z.boolean(), mediaType: z.string().max(200).default('') }),
  /** Who is sent the parts of the screen by the site. */
  z.strictObject({ type: z.literal('relaying'), to: z.array(To).max(50) }),
]);
export type SaidInSession = z.output<typeof SaidInSession>;

/** Somebody in the session, as everybody there may see them. */
export const LiveParticipant = z.object({
  gsnumber: z.int(),
  kind: z.enum(['representative', 'customer']),
  name: z.string(),
  joinedAt: When,
  leftAt: When.nullable(),
});
export type LiveParticipant = z.output<typeof LiveParticipant>;

/** The session as both sides see it. */
export const LiveSession = z.object({
  lsid: Lsid,
  state: z.enum(['waiting', 'active', 'ended']),
  owner: z.int().nullable(),
  externalKey: z.string().nullable(),
  attributes: z.record(z.string(), z.string()),
  queue: z.string(),
  endReason: z.string().nullable(),
  beganAt: When,
  endedAt: When.nullable(),
  participants: z.array(LiveParticipant),
  /** Null: none is asked for, or lent. */
  machine: LentMachine.nullable(),
});
export type LiveSession = z.output<typeof LiveSession>;

export const LiveEvent = z.object({
  seq: z.int(),
  at: When,
  type: z.string(),
  performedBy: z.int().nullable(),
  body: z.record(z.string(), z.unknown()),
});
export type LiveEvent = z.output<typeof LiveEvent>;

/** What a page hears. Events come in order, each once for as long as it says after which it connects. */
export type HeardInSession =
  | { readonly type: 'session'; readonly you: number; readonly session: LiveSession }
  | { readonly type: 'events'; readonly events: readonly LiveEvent[] }
  | { readonly type: 'typing'; readonly from: number }
  | { readonly type: 'signal'; readonly from: number; readonly signal: Signal }
  /** The message with this id was not taken. */
  | { readonly type: 'refused'; readonly id: string; readonly words: string };

export const LiveQuery = z.object({ after: z.coerce.number().int().min(0).max(2_147_483_647).default(0) });

/** The first byte of a part of a screen as its page sends it: whether a recording begins anew with it. */
export const screenPart = { begins: 1, goesOn: 0, mostBytes: 200_000 } as const;
