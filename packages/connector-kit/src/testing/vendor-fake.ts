import type { HostOptions } from '@gatehouse/host';

/**
 * What the contract suite needs of a connector's fake, whatever the two speak with each other: a small server in the
 * vendor's dialect, and knobs that make it misbehave. `fakeVendor` makes one that speaks HTTP. Each check of the suite
 * makes a fake of its own, so a knob is never turned back. Streams are named by their keys in `connector.streams`.
 */
export interface VendorFake<Request extends Asked = Asked> {
  /** Listens on 127.0.0.1, on a free port unless one is named; rejects with EADDRINUSE when that is taken. */
  start(options?: { readonly port?: number }): Promise<RunningFake>;
  /** Every request that arrived, in order, refused ones too. */
  readonly requests: readonly Request[];
  /** What a run sees besides the network: files, registries, logs of events. Knobs turn these too. Left out: nothing. */
  readonly nearby?: Nearby;
  /** Strings that must never be seen again: tokens it handed out, secret values inside its records. */
  readonly secrets: readonly string[];
  /** Streams that `grow` can make long; at least one. */
  readonly growable: readonly string[];
  /**
   * Streams whose records need no answer of the vendor, so that no knob can reach them: what everybody knows of such
   * systems. The suite proves that they ask for nothing. Left out: none.
   */
  readonly unasked?: readonly string[];
  /** In how many ways an answer can be strange, by name: `shape`, `html`. */
  readonly strangeness: readonly string[];
  /** Called when a request arrives, before it is answered. */
  onRequest(listener: (request: Request) => void): void;
  /** From now on every credential is wrong, tokens handed out earlier included. */
  refuseCredentials(): void;
  /** The vendor's "you may not" on every request of this stream: 403, insufficient access rights. */
  forbid(stream: string): void;
  /**
   * The next request of any stream is refused once because the vendor has too much to do: 429, busy. Returns the seconds
   * for which it asks for silence: those wanted, or 0 where the vendor has no words for a time.
   */
  throttleOnce(seconds: number): number;
  /** Requests of this stream are answered as if all were well with something else, in a way of `strangeness`. */
  answerStrange(stream: string, how: string): void;
  /** Every answer of this stream says that it goes on at another address, `127.0.0.1:port`: a next link, a referral. */
  pointElsewhere(stream: string, address: string): void;
  /** Places handed out so far are no longer known: expired links, the database of another server. */
  expireCursors(): void;
  /** No page holds more than `size` items, whatever was asked for. */
  capPages(size: number): void;
  /** This stream yields at least `count` records. */
  grow(stream: string, count: number): void;
}

/** A request as far as the suite looks at it. */
export interface Asked {
  /** How it was refused; null when it was served, or is not answered yet. */
  readonly refused: Refusing | null;
}

/** `expired` is a place after `expireCursors`; `missing` something that the fake does not know. */
export type Refusing = 'unauthorized' | 'forbidden' | 'throttled' | 'expired' | 'missing';

export type Nearby = Pick<HostOptions, 'files' | 'registry' | 'eventLogs'>;

export interface RunningFake {
  /** Scheme, 127.0.0.1 and port, as settings are made of. */
  readonly origin: string;
  /** Nobody listens any more. Once more does nothing. */
  close(): Promise<void>;
}
