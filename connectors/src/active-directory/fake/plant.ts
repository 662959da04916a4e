import type { AnsweredEntry, Outcome } from './answer.ts';
import type { Request } from './request.ts';

/** What a controller does instead of answering as it should. */
export type Plant =
  /** Breaks the connection after so many entries of the answer. */
  | { readonly kind: 'goAway'; readonly afterEntries: number }
  /** Announces that it shuts down, then closes. */
  | { readonly kind: 'shutDown' }
  | { readonly kind: 'result'; readonly outcome: Outcome }
  /** These search references; behind them the answer as it should be, or this result and no entries. */
  | { readonly kind: 'references'; readonly urls: readonly string[]; readonly outcome?: Outcome }
  /** Answers as it should, with other entries in the place of each. */
  | { readonly kind: 'alter'; readonly entry: (entry: AnsweredEntry) => readonly AnsweredEntry[] }
  /** The first page of the list, whichever was asked for, and a cookie that no page had before. */
  | { readonly kind: 'firstPage' }
  /** Begins the answer, and breaks the connection in the middle of its first message. */
  | { readonly kind: 'cut' }
  /** These bytes, and nothing else. */
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  /** Answers when the promise is fulfilled. */
  | { readonly kind: 'wait'; readonly until: Promise<unknown> }
  /** Never answers. */
  | { readonly kind: 'silence' };

/** Asked before each request is served; `count` is how many came before it. */
export type Planted = (request: Request, count: number) => Plant | undefined;
