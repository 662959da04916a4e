/** What a browser was sent once, to be sent to this client again. */
export interface RdpTape {
  /** An address that only this tape answers at. */
  readonly url: string;
  /**
   * Lays it where the client looks: the client makes a WebSocket of its own, by an address. From now until it has made it,
   * and for this address alone, it gets the tape; every other one is a real one. Gives what takes the tape away again.
   */
  lay(): () => void;
  /** Hands one message over; what comes before the client listens is kept for it. */
  play(message: Uint8Array): void;
  /** The other side has hung up. */
  end(): void;
}

export const createRdpTape = (): RdpTape => {
  const url = `wss://tape.invalid/${crypto.randomUUID()}`;
  const line = new TapeSocket(url);
  const lay = () => {
    const real = globalThis.WebSocket;
    const free = () => {
      if (globalThis.WebSocket === inBetween) globalThis.WebSocket = real;
    };
    const inBetween = new Proxy(real, {
      construct(target, words, newTarget) {
        if (words[0] !== url) return Reflect.construct(target, words, newTarget);
        free();
        line.open();
        return line;
      },
    });
    globalThis.WebSocket = inBetween;
    return free;
  };
  return { url, lay, play: (message) => line.hear(message), end: () => line.close() };
};

/** As much of a WebSocket as the client looks at. What it says into it is said to nobody. */
class TapeSocket extends EventTarget {
  readonly url: string;
  readonly protocol = '';
  readonly extensions = '';
  readonly bufferedAmount = 0;
  binaryType: BinaryType = 'arraybuffer';
  readyState: number = WebSocket.CONNECTING;
  readonly #early: Uint8Array[] = [];

  constructor(url: string) {
    super();
    this.url = url;
  }

  /** As with a real one, whoever made it can listen before it is open. */
  open(): void {
    setTimeout(() => {
      if (this.readyState !== WebSocket.CONNECTING) return;
      this.readyState = WebSocket.OPEN;
      this.dispatchEvent(new Event('open'));
      for (const message of this.#early.splice(0)) this.hear(message);
    }, 0);
  }

  hear(message: Uint8Array): void {
    if (this.readyState === WebSocket.CONNECTING) this.#early.push(message);
    if (this.readyState !== WebSocket.OPEN) return;
    this.dispatchEvent(new MessageEvent('message', { data: Uint8Array.from(message).buffer }));
  }

  send(): void {}

  close(): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.dispatchEvent(new CloseEvent('close', { code: 1000, wasClean: true }));
  }
}
