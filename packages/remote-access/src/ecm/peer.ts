import { type CallOptions, createCalls } from './calls.ts';
import { BadMessage, decode, encodeError, encodeNotification, type Message } from './codec.ts';
import { EcmError } from './errors.ts';
import { closings, limits } from './limits.ts';
import { type CalledBy, type Method, methods, notifications, type Params, type Result, type Side } from './messages.ts';
import { type Asked, createServing, freeMethods, type Serve } from './serving.ts';

/** What a side does for the other one. Presence is capability; `ping` is answered by itself. */
export type Serves<S extends Side> = {
  readonly [M in Exclude<CalledBy<S extends 'ecm' ? 'site' : 'ecm'>, 'ping'>]?: (
    params: Params<M>,
    asked: Asked,
  ) => Promise<Result<M>>;
};

export interface PeerOptions<S extends Side> {
  readonly side: S;
  readonly serves: Serves<S>;
  /** Sends one text frame; resolves when the medium took it, which is how the peer knows that somebody reads. */
  send(text: string): Promise<void>;
  /** Closes the connection; `end` must be called when it is closed, whoever did it. */
  close(code: number, reason: string): void;
  /** A failure of our own code while it served. */
  report(error: unknown): void;
  /** Requests that this side works on at once. Default 64. */
  readonly window?: number;
}

/** One end of the protocol over whatever carries text. Both ends are this. */
export interface Peer<S extends Side> {
  /** @throws EcmError for whatever the other side answers, for a deadline that passes, and for a lost connection. */
  call<M extends CalledBy<S>>(method: M, params: Params<M>, options: CallOptions): Promise<Result<M>>;
  /** One text frame came. Never throws. */
  receive(text: string): void;
  /** The connection is gone: everything under way fails. */
  end(advice?: string): void;
  /** Takes another number of requests at once from now on, and tells the other side. */
  resize(window: number, correlation: string): void;
  /** Resolves once both sides have greeted; rejects where the connection ends before. */
  readonly greeted: Promise<void>;
  /** Numbers for whoever watches: what is under way in each direction, and bytes that wait to be sent. */
  load(): { readonly calls: number; readonly served: number; readonly unsentBytes: number };
}

export const createPeer = <S extends Side>(options: PeerOptions<S>): Peer<S> => {
  const { side, serves, send, close, report, window = 64 } = options;
  const greeting = Promise.withResolvers<void>();
  // Whoever does not wait for it need not hear that it never came.
  greeting.promise.catch(() => undefined);
  let isReady = false;
  let isOver = false;
  let unsentBytes = 0;
  let badInTurn = 0;
  let heardAt = performance.now();
  let pinging: NodeJS.Timeout | null = null;

  const shut = (code: number, reason: string) => {
    if (isOver) return;
    end(reason);
    close(code, reason);
  };

  const post = (text: string) => {
    if (isOver) return;
    unsentBytes += text.length;
    send(text).then(
      () => {
        unsentBytes -= text.length;
      },
      () => shut(closings.silent, 'The connection broke.'),
    );
    if (unsentBytes > limits.unsentBytes) shut(closings.unread, 'The other side does not read what it is sent.');
  };

  const calls = createCalls(post, () => shut(closings.silent, 'The other side answers nothing any more.'));
  const ready = (theirWindow: number, pingMs: number) => {
    if (isReady || isOver) return;
    isReady = true;
    calls.resize(theirWindow);
    greeting.resolve();
    pinging = setInterval(() => void pingIfQuiet(pingMs), pingMs).unref();
  };
  const serving = createServing({
    ...{ side, post, report, window, isReady: () => isReady },
    serves: { ping: async () => ({}), ...served(serves, ready) },
  });

  /** What keeps dead connections from being taken for live ones: nothing was heard, so something is asked. */
  const pingIfQuiet = async (pingMs: number) => {
    if (isOver || performance.now() - heardAt < pingMs) return;
    const correlation = `ping-${side}`;
    await calls.call('ping', {}, { deadlineMs: limits.pongMs, correlation }, true).catch((error: unknown) => {
      if (error instanceof EcmError && error.kind === 'deadline') shut(closings.silent, 'A ping was not answered.');
    });
  };

  const take = (message: Message) => {
    if (message.type === 'request') return serving.serve(message);
    // An answer that nobody waits for came too late, which is nobody's fault.
    if (message.type !== 'notification') return void calls.settle(message);
    if (message.method === 'cancel') {
      const cancel = notifications.cancel.safeParse(message.params);
      if (cancel.success) serving.cancel(cancel.data.id);
    } else if (message.method === 'flow') {
      const flow = notifications.flow.safeParse(message.params);
      if (flow.success && isReady) calls.resize(flow.data.window);
    }
  };

  const receive = (text: string) => {
    if (isOver) return;
    heardAt = performance.now();
    try {
      take(decode(text));
      badInTurn = 0;
    } catch (error) {
      if (!(error instanceof BadMessage)) return report(error);
      if (!error.isAnswer) post(encodeError(error.id, error.error, null));
      else if (error.id !== null) calls.settle({ type: 'error', id: error.id, error: strange });
      if (++badInTurn >= limits.badMessages) shut(closings.malformed, 'Too many messages were none.');
    }
  };

  function end(advice = 'The connection is gone.') {
    if (isOver) return;
    isOver = true;
    if (pinging !== null) clearInterval(pinging);
    calls.end(advice);
    serving.end();
    greeting.reject(new EcmError('disconnected', advice));
  }

  return {
    async call(method, params, asked) {
      const raw = await calls.call(method, params, asked, freeMethods.has(method));
      const result = judge(method, raw);
      if (method === 'hello') {
        const { window: theirs, pingMs } = judge('hello', raw);
        ready(theirs, pingMs);
      }
      return result;
    },
    receive,
    end,
    resize(next, correlation) {
      serving.resize(next);
      post(encodeNotification('flow', { correlation, window: next }));
    },
    greeted: greeting.promise,
    load: () => ({ calls: calls.count(), served: serving.count(), unsentBytes }),
  };
};

const strange = new EcmError('unexpected', 'The answer is none of the protocol.');

/** The answer to a method as its schema has it. @throws EcmError `unexpected` */
const judge = <M extends Method>(method: M, raw: unknown): Result<M> => {
  const parsed = methods[method].result.safeParse(raw);
  if (!parsed.success) {
    const field = (parsed.error.issues[0]?.path ?? []).map(String).join('.');
    throw new EcmError('unexpected', `The answer to ${method} cannot be understood: ${field}`.slice(0, 1_000), field);
  }
  // The table of methods ties a name to its schema, which the compiler does not follow through an index.
  return parsed.data as unknown as Result<M>;
};

/** A greeting opens the connection once it is answered. */
const served = <S extends Side>(
  serves: Serves<S>,
  ready: (window: number, pingMs: number) => void,
): Partial<Record<Method, Serve>> => {
  const all = serves as Partial<Record<Method, Serve>>; // the same functions under names of either side
  const { hello } = all;
  if (hello === undefined) return all;
  let isGreeting = false;
  return {
    ...all,
    async hello(params, asked) {
      if (isGreeting) throw new EcmError('invalid', 'The first greeting is still under way.', 'method');
      isGreeting = true;
      try {
        const greeted = await hello(params, asked);
        const { pingMs } = methods.hello.result.omit({ correlation: true }).parse(greeted);
        const { window } = methods.hello.params.pick({ window: true }).parse(params);
        // Behind the answer, which has to be the first that the other side hears.
        if (!asked.signal.aborted) setImmediate(() => ready(window, pingMs));
        return greeted;
      } finally {
        isGreeting = false;
      }
    },
  };
};
