import type { Outcome } from './answer.ts';
import type { Request } from './request.ts';

/** What a controller does instead of answering as it should. */
export type Plant =
  /** Breaks the connection after so many entries of the answer. */
  | { readonly kind: 'goAway'; readonly afterEntries: number }
  /** Announces that it shuts down, then closes. */
  | { readonly kind: 'shutDown' }
  | { readonly kind: 'result'; readonly outcome: Outcome }
  /** Answers as it should, with these search references in front. */
  | { readonly kind: 'references'; readonly urls: readonly string[] }
  /** These bytes, and nothing else. */
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  /** Answers when the promise is fulfilled. */
  | { readonly kind: 'wait'; readonly until: Promise<unknown> }
  /** Never answers. */
  | { readonly kind: 'silence' };

/** Asked before each request is served; `count` is how many came before it. */
export type Planted = (request: Request, count: number) => Plant | undefined;
