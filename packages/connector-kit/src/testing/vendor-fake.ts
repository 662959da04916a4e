/**
 * What the contract suite needs of a connector's `fake.ts`: a small HTTP server that speaks the vendor's dialect, and
 * knobs that make it misbehave. Each check of the suite makes a fake of its own, so a knob is never turned back.
 * Streams are named by their keys in `connector.streams`.
 */
export interface VendorFake {
  /** Listens on 127.0.0.1, on a free port unless one is named; rejects with EADDRINUSE when that is taken. */
  start(options?: { readonly port?: number }): Promise<RunningFake>;
  /** Every request that arrived, in order, refused ones too. */
  readonly requests: readonly SeenRequest[];
  /** Strings that must never be seen again: tokens it handed out, secret values inside its records. */
  readonly secrets: readonly string[];
  /** Streams that `grow` can make long; at least one. */
  readonly growable: readonly string[];
  /** Called when a request arrives, before it is answered. */
  onRequest(listener: (request: SeenRequest) => void): void;
  /** From now on every credential is wrong, tokens handed out earlier included. */
  refuseCredentials(): void;
  /** The vendor's 403 on every request of this stream. */
  forbid(stream: string): void;
  /** The next request of any stream is answered by one 429 with Retry-After. */
  throttleOnce(seconds: number): void;
  /** Requests of this stream are answered 200 with something else: JSON of another shape, or a web page. */
  answerStrange(stream: string, how?: 'shape' | 'html'): void;
  /** Every answer of this stream has a next link to the same path at another origin. */
  foreignNext(stream: string, origin: string): void;
  /** Next links handed out so far are answered as the vendor answers an expired cursor (400, 404 or 410). */
  expireCursors(): void;
  /** No page holds more than `size` items, whatever was asked for. */
  capPages(size: number): void;
  /** This stream yields at least `count` records. */
  grow(stream: string, count: number): void;
}

export interface RunningFake {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  close(): Promise<void>;
}

export interface SeenRequest {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Text as it was sent; at most 1 MiB. */
  readonly body: string;
  /** Origin the client used; for links in answers. */
  readonly origin: string;
  /** How it was refused; null when it was served, or is not answered yet. */
  readonly refused: Refusing | null;
  /** What `:name` in the route's pattern matched, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** `expired` is a next link after `expireCursors`; `missing` a path without a route. */
export type Refusing = 'unauthorized' | 'forbidden' | 'throttled' | 'expired' | 'missing';

export interface FakeAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON; left out: no body. */
  readonly body?: unknown;
}
