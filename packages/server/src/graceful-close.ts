import type { App } from './app.ts';

/**
 * Makes the function that closes the server: no new requests, streams of events end, the others may finish for at
 * most `patienceMs`, and then every connection is cut. Connections on which nothing is asked are cut at once; Node
 * itself would wait for those that never asked anything.
 */
export const gracefulClose = (app: App, patienceMs: number): (() => Promise<void>) => {
  let answering = 0;
  let closing = false;
  const cutWhenDone = () => {
    if (closing && answering === 0) app.server.closeAllConnections();
  };
  app.server.on('request', (_request, response) => {
    answering += 1;
    response.once('close', () => {
      answering -= 1;
      cutWhenDone();
    });
  });
  app.addHook('preClose', async () => {
    closing = true;
    cutWhenDone();
  });
  return async () => {
    const impatient = setTimeout(() => app.server.closeAllConnections(), patienceMs);
    try {
      await app.close();
    } finally {
      clearTimeout(impatient);
    }
  };
};
