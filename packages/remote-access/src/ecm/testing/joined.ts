import { createPeer, type Peer, type Serves } from '../peer.ts';
import { createSecond, type SecondSide } from './second.ts';

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** The real ECM end, joined with a second implementation that plays the site. */
export interface JoinedEcm {
  readonly ecm: Peer<'ecm'>;
  readonly site: SecondSide;
  readonly closed: readonly Closed[];
  readonly reported: readonly unknown[];
  /** Greets as an ECM does. */
  greet(): Promise<void>;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const helloAnswer = { protocol: 1, site: { name: 'second', version: '1' }, window: 8, pingMs: 60_000 };

export const joinEcm = (
  serves: Serves<'ecm'>,
  more: {
    window?: number;
    hello?: object;
    answers?: Parameters<typeof createSecond>[1];
    /** Resolves as the network does; default: at once. */
    send?(): Promise<void>;
  } = {},
): JoinedEcm => {
  const closed: Closed[] = [];
  const reported: unknown[] = [];
  const site = createSecond(
    (text) => setImmediate(() => ecm.receive(text)),
    (method, params) =>
      method === 'hello' ? { ...helloAnswer, ...more.hello } : (more.answers?.(method, params) ?? {}),
  );
  const ecm = createPeer({
    ...{ side: 'ecm', serves, ...(more.window !== undefined && { window: more.window }) },
    send: async (text) => {
      setImmediate(() => site.receive(text));
      await more.send?.();
    },
    close(code, reason) {
      closed.push({ code, reason });
      ecm.end(reason);
    },
    report: (error) => void reported.push(error),
  });
  return {
    ...{ ecm, site, closed, reported },
    async greet() {
      await ecm.call('hello', greeting, { deadlineMs: 5_000, correlation: 'hello' });
      await turn();
    },
  };
};

const greeting = {
  ...{ name: 'real', version: '0.1.0', plugin: null, protocols: [1], window: 8 },
};

/** The real site end, joined with a second implementation that plays the ECM. */
export const joinSite = (serves: Omit<Serves<'site'>, 'hello'>, answers?: Parameters<typeof createSecond>[1]) => {
  const closed: Closed[] = [];
  const ecm = createSecond((text) => setImmediate(() => site.receive(text)), answers);
  const site = createPeer({
    side: 'site',
    serves: { hello: async () => helloAnswer, ...serves },
    send: async (text) => void setImmediate(() => ecm.receive(text)),
    close(code, reason) {
      closed.push({ code, reason });
      site.end(reason);
    },
    report: () => undefined,
  });
  return { ecm, site, closed };
};
