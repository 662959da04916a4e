/** One connection that carries messages both ways, opened from here. */
export interface WebSocketConnection {
  /** The subprotocol that the other side chose. */
  readonly protocol: string;
  /**
   * Resolves when the operating system took it, so that awaiting it is how a sender learns that somebody reads. Rejects
   * with a Fault `unreachable` where the connection is gone.
   */
  send(message: string | Uint8Array): Promise<void>;
  /** Takes no more messages until `resume`: for whoever cannot keep up. */
  pause(): void;
  resume(): void;
  /** Ends it: politely, then after three seconds for good. A second call does nothing. */
  close(code: number, reason: string): void;
  /** Resolves once it is over, whoever ended it; 1006 where nobody said why. */
  readonly closed: Promise<WebSocketClosed>;
}

export interface WebSocketClosed {
  readonly code: number;
  /** What the other side gave as a reason; at most 123 bytes, by others, so never more than shown. */
  readonly reason: string;
}

export interface WebSocketOptions {
  /** `wss://name/path`; `ws://` is refused but on this very machine. */
  readonly url: string;
  /** The system's name as people know it. */
  readonly system: string;
  /** One of them has to be chosen by the other side. */
  readonly protocols: readonly string[];
  /** Adds credentials to the request that opens it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The only certificate authorities that are trusted, PEM. Default: those of this server. */
  readonly certificateAuthorities?: string;
  /** An HTTP proxy that the connection goes through in a tunnel: `http://proxy.corp.example:3128`. */
  readonly proxy?: string;
  /** Milliseconds until it has to be open. Default 15,000. */
  readonly openMs?: number;
  /** Largest message that is taken in; a larger one ends the connection with 1009. */
  readonly maxBytes: number;
  /** Aborting it ends the connection. */
  readonly signal: AbortSignal;
  /** One text message, in order. Nothing is lost that comes right behind the opening. */
  onText(text: string): void;
  /** One binary message, in order. Left out: such a message ends the connection with 1003. */
  onBytes?(bytes: Buffer): void;
}
