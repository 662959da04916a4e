import { createServer } from 'node:net';

/** A server that must never be visited: it counts who connects, whatever they speak, and hangs up. */
export interface Decoy {
  /** `127.0.0.1:port` */
  readonly address: string;
  visits(): number;
  close(): Promise<void>;
}

export const openDecoy = async (): Promise<Decoy> => {
  let visits = 0;
  const server = createServer((socket) => {
    visits++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the decoy has no port');
  return {
    address: `127.0.0.1:${address.port}`,
    visits: () => visits,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
};
