import { Fault, type FaultKind, faults, toFault } from '@gatehouse/kernel';
import { z } from 'zod';
import { type JumpMethod, type JumpParams, type JumpResult, jumpLimits, jumpMethods } from './protocol.ts';

/** What a side does for the other one. Presence is capability; `ping` is answered by itself. */
export type JumpServes = {
  readonly [M in Exclude<JumpMethod, 'ping'>]?: (params: JumpParams<M>) => Promise<JumpResult<M>>;
};

export interface LineOptions {
  readonly serves: JumpServes;
  /** Sends one text; resolves when the medium took it. */
  send(text: string): Promise<void>;
  /** Ends the connection; `end` must be called when it has ended, whoever did it. */
  close(code: number, reason: string): void;
  /** A failure of our own code while it served. */
  report(error: unknown): void;
}

/** One end of the line between a site and a Jump Client: JSON-RPC 2.0, both ends alike. */
export interface JumpLine {
  /** @throws Fault as the other side answers it; `unreachable` for no answer in time and for a lost connection */
  call<M extends JumpMethod>(method: M, params: JumpParams<M>, deadlineMs: number): Promise<JumpResult<M>>;
  /** One text came. Never throws. */
  receive(text: string): void;
  /** The connection is gone: everything under way fails. */
  end(advice: string): void;
  /** Milliseconds since anything was heard. */
  quietMs(): number;
}

const Id = z.int().min(0);
const Message = z.union([
  z.object({ jsonrpc: z.literal('2.0'), id: Id, method: z.string().max(40), params: z.unknown() }),
  z.object({ jsonrpc: z.literal('2.0'), id: Id, result: z.unknown() }).strict(),
  z.object({
    ...{ jsonrpc: z.literal('2.0'), id: Id },
    error: z.object({ code: z.int(), message: z.string(), data: z.object({ kind: z.string() }).optional() }),
  }),
]);

export const createLine = ({ serves, send, close, report }: LineOptions): JumpLine => {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  let serving = 0;
  let over: Fault | null = null;
  let heardAt = performance.now();

  const post = (message: object) => {
    if (over !== null) return;
    send(JSON.stringify({ jsonrpc: '2.0', ...message })).catch(() => end('The connection broke.'));
  };

  const serve = async (id: number, method: string, raw: unknown): Promise<void> => {
    const answer = async (): Promise<object> => {
      if (method === 'ping') return {};
      if (serving > jumpLimits.requests) throw new Fault('throttled', 'Too much is asked at once. Try again.');
      const known = isMethod(method) ? method : null;
      const work = known === null || known === 'ping' ? undefined : serves[known];
      if (known === null || work === undefined)
        throw new Fault('unsupported', `This version does not know ${method.slice(0, 40)}.`);
      const params = jumpMethods[known].params.safeParse(raw);
      if (!params.success) throw new Fault('unexpected', `What was asked of ${known} cannot be understood.`);
      // The table ties a name to its schema and its work, which the compiler does not follow through an index.
      return await (work as (params: unknown) => Promise<object>)(params.data);
    };
    serving += 1;
    try {
      post({ id, result: await answer() });
    } catch (error) {
      if (!(error instanceof Fault)) report(error);
      const { kind, advice } = toFault(error);
      post({ id, error: { code: -32_000, message: advice.slice(0, 1_000), data: { kind } } });
    } finally {
      serving -= 1;
    }
  };

  function end(advice: string) {
    if (over !== null) return;
    over = new Fault('unreachable', advice);
    for (const one of waiting.values()) one.reject(over);
    waiting.clear();
  }

  return {
    call(method, params, deadlineMs) {
      if (over !== null) return Promise.reject(over);
      if (waiting.size >= jumpLimits.requests)
        return Promise.reject(new Fault('throttled', 'Too much is asked of this Jump Client at once. Try again.'));
      last += 1;
      const id = last;
      const answer = Promise.withResolvers<unknown>();
      waiting.set(id, answer);
      const timer = setTimeout(
        () => answer.reject(new Fault('unreachable', 'There was no answer in time.')),
        deadlineMs,
      );
      post({ id, method, params });
      return answer.promise
        .finally(() => {
          clearTimeout(timer);
          waiting.delete(id);
        })
        .then((raw) => {
          const result = jumpMethods[method].result.safeParse(raw);
          if (!result.success) throw new Fault('unexpected', `The answer to ${method} cannot be understood.`);
          // The same table again.
          return result.data as never;
        });
    },
    receive(text) {
      if (over !== null) return;
      heardAt = performance.now();
      const message = Message.safeParse(jsonOf(text)).data;
      if (message === undefined) {
        end('What came was no message.');
        return close(1008, 'This is no message of a line.');
      }
      if ('method' in message) return void serve(message.id, message.method, message.params);
      // An answer that nobody waits for came too late, which is nobody's fault.
      const one = waiting.get(message.id);
      if ('error' in message) one?.reject(toRemoteFault(message.error.data?.kind, message.error.message));
      else one?.resolve(message.result);
    },
    end,
    quietMs: () => performance.now() - heardAt,
  };
};

const isMethod = (method: string): method is JumpMethod => Object.hasOwn(jumpMethods, method);
const isKind = (kind: string): kind is FaultKind => Object.hasOwn(faults, kind);

/** What the other side said went wrong. */
export const toRemoteFault = (kind: string | undefined, advice: string): Fault =>
  new Fault(kind !== undefined && isKind(kind) ? kind : 'unexpected', advice.slice(0, 1_000));

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
