import type { Nearby } from '@gatehouse/connector-kit/fake';

/** What is wrong with an answer, whatever it comes over. */
export type Bad =
  /** Something between answers for the vendor: a page to sign in. */
  | 'a web page'
  /** It came whole, but what it says breaks off. */
  | 'something that breaks off'
  /** The connection ends in the middle of it. */
  | 'with half an answer'
  /** The credential is good no more, and no other is given out for it. */
  | 'a refusal of every credential'
  /** The list begins again where it should go on. */
  | 'what leads back'
  /** Everything in it comes twice. */
  | 'everything twice'
  /** One of its texts has ten million characters. */
  | 'a text of 10 MB';

export interface Turn {
  readonly how: Bad;
  /** Answers that are good before. */
  readonly from: number;
  /** After so many answers each is a web page, so that a stream which goes round and round ends. */
  readonly most?: number;
  /** Only answers to what is asked for at such a path. */
  readonly only?: RegExp;
}

/** A healthy vendor whose answers are spoilt on their way. */
export interface BadVendor {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly nearby?: Nearby;
  /** What may be seen nowhere. */
  secrets(): readonly string[];
  /** What is wrong from now on; null: nothing. Answers are counted anew. */
  turn(turn: Turn | null): void;
  /** Answers since the last turn, without what is asked to sign in and out. */
  answers(): number;
  close(): Promise<void>;
}

export const large = 'x'.repeat(10_000_000);
