/** What a browser was sent once, to be sent to this client again. */
export interface RdpTape {
  /** An address that only this tape answers at. */
  readonly url: string;
  /** Hands one piece over, now; what comes before the client listens is kept for it. */
  play(bytes: Uint8Array): void;
  /** The other side has hung up. */
  end(): void;
}

/**
 * Puts a stand-in in the place of one WebSocket: the client makes its own, by an address. From now until it has made it,
 * and for this address alone, it gets the tape; every other one is a real one. `free` takes the stand-in away again.
 */
export const loadRdpTape = (): { tape: RdpTape; free(): void } => {
  const url = `wss://tape.invalid/${crypto.randomUUID()}`;
  const line = new TapeSocket(url);
  const real = globalThis.WebSocket;
  const inBetween = new Proxy(real, {
    construct(target, words, newTarget) {
      if (words[0] !== url) return Reflect.construct(target, words, newTarget);
      free();
      return line;
    },
  });
  const free = () => {
    if (globalThis.WebSocket === inBetween) globalThis.WebSocket = real;
  };
  globalThis.WebSocket = inBetween;
  return { tape: { url, play: (bytes) => line.hear(bytes), end: () => line.close() }, free };
};

/** As much of a WebSocket as the client looks at. What it says into it is said to nobody. */
class TapeSocket extends EventTarget {
  readonly url: string;
  readonly protocol = '';
  readonly extensions = '';
  readonly bufferedAmount = 0;
  binaryType: BinaryType = 'arraybuffer';
  readyState: number = WebSocket.CONNECTING;

  constructor(url: string) {
    super();
    this.url = url;
    // As with a real one, whoever makes it can listen before it is open.
    queueMicrotask(() => {
      if (this.readyState !== WebSocket.CONNECTING) return;
      this.readyState = WebSocket.OPEN;
      this.dispatchEvent(new Event('open'));
    });
  }

  hear(bytes: Uint8Array): void {
    if (this.readyState !== WebSocket.OPEN) return;
    this.dispatchEvent(new MessageEvent('message', { data: Uint8Array.from(bytes).buffer }));
  }

  send(): void {}

  close(): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.dispatchEvent(new CloseEvent('close', { code: 1000, wasClean: true }));
  }
}
