import { openWebSocket } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { createLine, jumpLimits, jumpPaths, lineProtocol } from '@gatehouse/remote-access/jump';
import { type JumpClientSettings, wayTo } from '../settings/index.ts';
import { addressOf, createServes, siteSystem } from './serves.ts';

/** How long a site may take that is told goodbye. */
const patienceMs = 10_000;

/** Tells the site that this Jump Client is uninstalled, so that it is pinned no more. @throws Fault */
export const leaveSite = async (settings: JumpClientSettings): Promise<void> => {
  const signal = AbortSignal.timeout(patienceMs);
  const welcome = Promise.withResolvers<void>();
  welcome.promise.catch(() => undefined);
  const early: string[] = [];
  let receive: ((text: string) => void) | null = null;
  const socket = await openWebSocket({
    ...{ url: addressOf(settings.site, jumpPaths.line), system: siteSystem, protocols: [lineProtocol] },
    ...wayTo(settings.site),
    ...{ maxBytes: jumpLimits.messageBytes, signal },
    onText: (text) => (receive === null ? void early.push(text) : receive(text)),
  });
  const line = createLine({
    ...{ send: socket.send, close: socket.close, report: () => undefined },
    serves: createServes({
      ...{ settings, signal, log: { write: () => undefined } },
      onWelcome: () => welcome.resolve(),
      onOpened: () => () => undefined,
    }),
  });
  void socket.closed.then(({ reason }) => {
    const words = reason === '' ? 'The site did not answer.' : reason;
    line.end(words);
    welcome.reject(new Fault('unreachable', words));
  });
  receive = line.receive;
  for (const text of early) line.receive(text);
  try {
    await welcome.promise;
    await line.call('leave', {}, patienceMs);
  } finally {
    socket.close(1000, 'It is uninstalled.');
  }
};
