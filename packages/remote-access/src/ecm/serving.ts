import type { z } from 'zod';
import { correlationOf, encodeError, encodeResult, type Message, type MessageId } from './codec.ts';
import { EcmError, toEcmError } from './errors.ts';
import { type Method, methods, type Side } from './messages.ts';

/** What a side knows of one request while it works on it. */
export interface Asked {
  readonly correlation: string;
  /** Milliseconds until nobody waits any more. */
  readonly deadlineMs: number;
  /** Aborts at the deadline, when the other side gives the request up, and when the connection is gone. */
  readonly signal: AbortSignal;
}

/** Works on one method; its params are judged already. What it throws becomes the answer. */
export type Serve = (params: never, asked: Asked) => Promise<object>;

/** The requests that this side is sent. */
export interface Serving {
  serve(request: Extract<Message, { type: 'request' }>): void;
  cancel(id: MessageId): void;
  resize(window: number): void;
  end(): void;
  count(): number;
}

interface ServingOptions {
  readonly side: Side;
  readonly serves: Readonly<Partial<Record<Method, Serve>>>;
  post(text: string): void;
  isReady(): boolean;
  /** A failure that is our own bug; nobody else is told what it was. */
  report(error: unknown): void;
  window: number;
}

export const createServing = (options: ServingOptions): Serving => {
  const { side, serves, post, isReady, report } = options;
  const running = new Map<MessageId, { readonly controller: AbortController; readonly isFree: boolean }>();
  let { window } = options;
  let taken = 0;
  let isOver = false;

  /** Everything that can be wrong with a request before it is worked on, in the order of the page. */
  const admit = ({ id, method, params }: Extract<Message, { type: 'request' }>) => {
    if (!isMethod(method)) throw new EcmError('unknown_method', 'This side knows no such method.', 'method');
    const { caller, params: shape } = methods[method];
    const serve = serves[method];
    if (caller === side || serve === undefined)
      throw new EcmError('unknown_method', 'This side does not serve this method.', 'method');
    if (method !== 'hello' && !isReady()) throw new EcmError('not_ready', 'Say hello first.');
    if (method === 'hello' && isReady()) throw new EcmError('invalid', 'Both sides have greeted already.', 'method');
    if (running.has(id)) throw new EcmError('invalid', 'A request with this id is still under way.', 'id');
    const isFree = freeMethods.has(method);
    if (!isFree && taken >= window) throw new EcmError('busy', 'More requests are under way than this side takes.');
    const parsed = shape.safeParse(params);
    if (!parsed.success) throw badParams(parsed.error);
    return { serve, isFree, params: parsed.data };
  };

  const serve: Serving['serve'] = (request) => {
    const { id } = request;
    let admitted: ReturnType<typeof admit>;
    try {
      admitted = admit(request);
    } catch (error) {
      return post(encodeError(id, toEcmError(error), correlationOf(request.params)));
    }
    const { isFree, params } = admitted;
    const { correlation, deadlineMs } = params;
    const controller = new AbortController();
    const entry = { controller, isFree };
    running.set(id, entry);
    if (!isFree) taken++;

    /** The first answer counts. */
    const answer = (text: () => string) => {
      if (running.get(id) !== entry) return;
      running.delete(id);
      if (!isFree) taken--;
      clearTimeout(timer);
      if (isOver) return;
      try {
        post(text());
      } catch (error) {
        if (!(error instanceof EcmError)) report(error);
        post(encodeError(id, toEcmError(error), correlation));
      }
    };
    const timer = setTimeout(() => {
      const error = new EcmError('deadline', 'It took longer than the request allowed.');
      controller.abort(error);
      answer(() => encodeError(id, error, correlation));
    }, deadlineMs);
    controller.signal.addEventListener('abort', () =>
      answer(() => encodeError(id, toEcmError(controller.signal.reason), correlation)),
    );
    const { correlation: _, deadlineMs: __, ...rest } = params;
    const work = async () =>
      await admitted.serve(rest as never, { correlation, deadlineMs, signal: controller.signal });
    work().then(
      (result) => answer(() => encodeResult(id, { correlation, ...result })),
      (error: unknown) => {
        const told = toEcmError(error);
        if (told.kind === 'internal') report(error);
        answer(() => encodeError(id, told, correlation));
      },
    );
  };

  return {
    serve,
    cancel: (id) => running.get(id)?.controller.abort(new EcmError('cancelled', 'The request was given up.')),
    resize(next) {
      window = next;
    },
    end() {
      isOver = true;
      for (const { controller } of [...running.values()])
        controller.abort(new EcmError('disconnected', 'The connection is gone.'));
    },
    count: () => running.size,
  };
};

/** Small, quick and part of keeping the connection: they need no credit. */
export const freeMethods: ReadonlySet<string> = new Set<Method>(['hello', 'ping']);

const isMethod = (method: string): method is Method => Object.hasOwn(methods, method);

const badParams = (error: z.ZodError): EcmError => {
  const [issue] = error.issues;
  const field = (issue?.path ?? []).map(String).join('.');
  const where = field === '' ? 'params' : field;
  return new EcmError('invalid_params', `${where}: ${issue?.message ?? 'This is wrong.'}`.slice(0, 1_000), where);
};
