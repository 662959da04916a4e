import { openWebSocket, resumesAt } from '@gatehouse/host';
import { createBackoff, type Log } from '@gatehouse/host/agent';
import { type Clock, Fault } from '@gatehouse/kernel';
import {
  closings,
  createPeer,
  EcmError,
  ecmPath,
  limits,
  type Peer,
  protocolVersions,
  type Serves,
  subprotocol,
} from '@gatehouse/remote-access/ecm';
import type { BookedLease, Endings, LeaseBook } from '../leases/index.ts';
import { ownName, wayTo } from '../settings/index.ts';
import type { VaultSide } from '../vault/index.ts';
import { version } from '../version.ts';
import { createSiteTokens, type SiteAccount, siteSystem } from './site-token.ts';

export type Standing = { readonly state: 'connecting' | 'connected' | 'refused'; readonly sentence: string | null };

export interface LinkOptions {
  readonly account: SiteAccount;
  readonly name?: string;
  readonly vault: VaultSide | null;
  readonly serves: Serves<'ecm'>;
  readonly book: LeaseBook;
  readonly endings: Endings;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
  onStanding(standing: Standing): void;
  /** Milliseconds until the first new attempt. Default 1,000. */
  readonly firstMs?: number;
}

/** The one connection to the site: opened again for as long as the signal is quiet. */
export interface Link {
  run(): Promise<void>;
  /** Tells the site that a lease has ended, now or once it is there again. */
  tell(lease: BookedLease): void;
}

/** Requests at once; more wait at the site, which knows this number. */
const window = 256;
const callMs = 30_000;

export const createLink = (options: LinkOptions): Link => {
  const { account, vault, serves, book, endings, clock, signal, log, onStanding, firstMs = 1_000 } = options;
  const tokens = createSiteTokens(account, clock, signal);
  const backoff = createBackoff(firstMs);
  let peer: Peer<'ecm'> | null = null;

  const tellNow = async (to: Peer<'ecm'>, lease: BookedLease) => {
    const { id, correlation, why } = lease;
    const told = { lease: id, why: why ?? 'session-over' };
    await to.call('credentials.released', told, { deadlineMs: callMs, correlation, signal });
    await book.known(lease);
  };

  /** The site says which sessions still live; everything else from before is released. */
  const align = async (to: Peer<'ecm'>) => {
    const open = book.list().filter(({ state, isFresh }) => state !== 'ended' && !isFresh);
    for (let at = 0; at === 0 || at < open.length; at += limits.leases) {
      const page = open.slice(at, at + limits.leases);
      const leases = page.map(({ id, state, endsAt }) => ({
        ...{ lease: id, state: state === 'ended' ? ('ending' as const) : state },
        remainingMs: Math.max(0, Math.round(endsAt - performance.now())),
      }));
      const last = at + limits.leases >= open.length;
      const answer = await to.call(
        'leases.open',
        { leases, last },
        { deadlineMs: callMs, correlation: 'leases', signal },
      );
      const live = new Set(answer.live);
      for (const lease of page) if (!live.has(lease.id)) void endings.end(lease, 'session-over');
    }
    for (const lease of book.list()) if (lease.state === 'ended') await tellNow(to, lease);
  };

  const greet = async (to: Peer<'ecm'>) => {
    const plugin = vault && { id: vault.id, name: vault.name.slice(0, 100), impersonation: vault.impersonation };
    const hello = { name: options.name ?? ownName(), version, plugin, protocols: [...protocolVersions], window };
    const { protocol, site } = await to.call('hello', hello, { deadlineMs: callMs, correlation: 'hello', signal });
    if (!protocolVersions.includes(protocol))
      throw new Fault('misconfigured', `The site speaks version ${protocol} of the protocol, which this ECM does not.`);
    backoff.reset();
    log.write('info', `Connected to ${site.name}, version ${site.version}.`);
    onStanding({ state: 'connected', sentence: null });
    await align(to);
  };

  /** One life of the connection. Resolves with milliseconds to wait before the next one. */
  const live = async (): Promise<number> => {
    const token = await tokens.get();
    for (const lease of book.list()) lease.isFresh = false;
    const received: string[] = [];
    let own: Peer<'ecm'> | null = null;
    const socket = await openWebSocket({
      ...{ url: `${account.site.url.replace(/^http/, 'ws')}${ecmPath}`, system: siteSystem, protocols: [subprotocol] },
      headers: { authorization: `Bearer ${token.reveal()}` },
      ...wayTo(account.site),
      ...{ maxBytes: limits.messageBytes, signal },
      onText: (text) => (own === null ? void received.push(text) : own.receive(text)),
    });
    const report = (error: unknown) =>
      log.write('error', 'A defect of this ECM.', {
        why: error instanceof Error ? (error.stack ?? '') : String(error),
      });
    const made = createPeer({ side: 'ecm', serves, send: socket.send, close: socket.close, report, window });
    const over = socket.closed.then((closed) => {
      made.end();
      return closed;
    });
    own = made;
    peer = made;
    // What came right behind the opening.
    for (const text of received) made.receive(text);
    try {
      await greet(made);
    } catch (error) {
      socket.close(1000, 'The greeting failed.');
      signal.throwIfAborted();
      if (!(error instanceof EcmError && error.kind === 'disconnected')) throw error;
    }
    const { code, reason } = await over;
    peer = null;
    if (code === closings.unauthorized) tokens.drop();
    log.write('warn', 'The connection to the site is gone.', { code, reason });
    return backoff.next();
  };

  const failed = (error: unknown): number => {
    signal.throwIfAborted();
    const fault = error instanceof Fault ? error : null;
    if (fault?.kind === 'unauthorized') tokens.drop();
    const sentence = fault?.advice ?? (error instanceof EcmError ? error.advice : 'Something went wrong on our side.');
    const isRefused = fault !== null && ['unauthorized', 'forbidden', 'misconfigured'].includes(fault.kind);
    onStanding({ state: isRefused ? 'refused' : 'connecting', sentence });
    const why = fault === null && error instanceof Error ? (error.stack ?? error.message) : null;
    log.write(isRefused ? 'error' : 'warn', sentence, { detail: fault?.detail ?? why });
    const least = (resumesAt(error)?.getTime() ?? 0) - clock.now().getTime();
    return backoff.next(Math.min(Math.max(0, least), 300_000));
  };

  return {
    async run() {
      let refusals = 0;
      for (;;) {
        signal.throwIfAborted();
        const ms = await live().then(
          (wait) => {
            refusals = 0;
            return wait;
          },
          (error: unknown) => {
            peer = null;
            const wait = failed(error);
            // A token that was good a moment ago may be over; a new one is tried at once, one time.
            return error instanceof Fault && error.kind === 'unauthorized' && refusals++ === 0 ? 0 : wait;
          },
        );
        await clock.sleep(ms, signal);
      }
    },
    tell(lease) {
      if (peer === null) return;
      // Without an answer it is told again at the next connection.
      tellNow(peer, lease).catch(() => undefined);
    },
  };
};
