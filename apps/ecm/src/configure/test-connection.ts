import { openWebSocket } from '@gatehouse/host';
import { type Clock, Fault, toFault } from '@gatehouse/kernel';
import { ecmPath, limits, subprotocol } from '@gatehouse/remote-access/ecm';
import { wayTo } from '../settings/index.ts';
import { createSiteTokens, type SiteAccount, siteSystem } from '../site/index.ts';

export interface ConnectionTest {
  readonly ok: boolean;
  readonly sentence: string;
}

/** Gets a token from the site and opens the connection of an ECM, without greeting: the site sees no ECM come and go. */
export const testConnection = async (account: SiteAccount, clock: Clock): Promise<ConnectionTest> => {
  const ending = new AbortController();
  const timer = setTimeout(
    () => ending.abort(new Fault('unreachable', 'The site did not answer in 30 seconds.')),
    30_000,
  );
  const { site } = account;
  try {
    const token = await createSiteTokens(account, clock, ending.signal).get();
    const socket = await openWebSocket({
      ...{ url: `${site.url.replace(/^http/, 'ws')}${ecmPath}`, system: siteSystem, protocols: [subprotocol] },
      headers: { authorization: `Bearer ${token.reveal()}` },
      ...wayTo(site),
      ...{ maxBytes: limits.messageBytes, signal: ending.signal, onText: () => undefined },
    });
    socket.close(1000, 'Only tested.');
    await socket.closed;
    return { ok: true, sentence: 'The site lets this ECM in.' };
  } catch (error) {
    return { ok: false, sentence: toFault(error).advice };
  } finally {
    clearTimeout(timer);
    ending.abort(new Error('the test is over'));
  }
};
