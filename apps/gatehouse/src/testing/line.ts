import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A network between two programs, which a test breaks. */
export interface Line {
  readonly port: number;
  /** Carries everything. What was held goes on. */
  pass(): void;
  /** Swallows everything, new connections too, and closes nothing: as a firewall does that has forgotten them. */
  hold(): void;
  /** Ends what there is, and lets nothing in. */
  cut(): void;
  /** Whoever sends something is answered with this, again and again where it says so, and nobody else hears of it. */
  answer(text: string, isEndless?: boolean): void;
  /** Bytes that were sent by whoever connects, so that a test knows that something is under way. */
  readonly sentBytes: number;
  /** Connections that nobody has answered since `hold`. */
  readonly held: number;
  close(): Promise<void>;
}

/** From a free port of loopback to another one, which may come and go. */
export const openLine = async (to: () => number): Promise<Line> => {
  let does: 'pass' | 'hold' | 'cut' | { readonly text: string; readonly isEndless: boolean } = 'pass';
  let sentBytes = 0;
  const ends = new Set<Socket>();
  const keep = (socket: Socket) => {
    ends.add(socket);
    socket.on('error', () => undefined).on('close', () => ends.delete(socket));
    socket.setNoDelay(true);
  };
  const begin = (near: Socket) => {
    if (typeof does === 'object') return garble(near, does);
    const far = connect(to(), '127.0.0.1');
    keep(far);
    near.on('data', (bytes) => {
      sentBytes += bytes.length;
    });
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    if (does === 'hold') for (const end of [near, far]) end.pause();
  };
  const waiting = new Set<Socket>();
  const server = createServer((near) => {
    keep(near);
    if (does === 'cut') return near.destroy();
    if (does !== 'hold') return begin(near);
    waiting.add(near);
    near.on('close', () => waiting.delete(near));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const endAll = () => {
    for (const end of ends) end.destroy();
  };

  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    get sentBytes() {
      return sentBytes;
    },
    get held() {
      return waiting.size;
    },
    pass() {
      does = 'pass';
      for (const near of waiting) begin(near);
      waiting.clear();
      for (const end of ends) end.resume();
    },
    hold() {
      does = 'hold';
      for (const end of ends) end.pause();
    },
    cut() {
      does = 'cut';
      endAll();
    },
    answer(text, isEndless = false) {
      does = { text, isEndless };
      endAll();
    },
    async close() {
      endAll();
      server.close();
      await once(server, 'close');
    },
  };
};

const garble = (near: Socket, { text, isEndless }: { readonly text: string; readonly isEndless: boolean }): void => {
  near.once('data', () => {
    if (!isEndless) return void near.end(text);
    near.write(text);
    // Slowly, so that nothing that measures silence or size ends it.
    const timer = setInterval(() => near.write(' '), 100);
    near.once('close', () => clearInterval(timer));
  });
};
