import type { TLSSocket } from 'node:tls';
import { UnbindRequest } from 'ldapts';
import { advices } from '../words.ts';
import { type Message, parseMessage, type RawEntry, type Result } from './answer.ts';
import { Malformed } from './ber.ts';
import type { Controller } from './controller.ts';
import { createFrames, TooLarge } from './frames.ts';
import type { LdapBounds } from './ldap.ts';
import { LdapFault } from './result-faults.ts';

/** One encrypted connection. Several requests may be under way; whatever breaks it fails all of them. */
export interface Connection {
  readonly controller: Controller;
  isOpen(): boolean;
  /** Everything that came until the result. Rejects with an LdapFault, or with the signal's reason. */
  ask(request: Request): Promise<Answer>;
  /** Sends a request whose answer nobody waits for. */
  tell(request: Request): void;
  close(): void;
}

export interface Request {
  readonly method: 'BIND' | 'SEARCH' | 'MODIFY';
  /** In a few words, without secrets. */
  readonly name: string;
  write(id: number): Buffer;
}

export interface Answer {
  readonly entries: readonly RawEntry[];
  readonly urls: readonly string[];
  readonly result: Result;
  readonly bytes: number;
}

interface Pending {
  readonly method: Request['method'];
  readonly name: string;
  readonly entries: RawEntry[];
  readonly urls: string[];
  bytes: number;
  silence: NodeJS.Timeout;
  readonly end: NodeJS.Timeout;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

/** An answer that drips takes no longer than this, whatever the bounds. */
const longestMs = 600_000;
/** A connection that nobody used for so long is closed: before a controller does it by itself after a quarter of an hour. */
const unusedMs = 300_000;
/** Milliseconds that signing off may take. */
const goodbyeMs = 5_000;
/** What a message costs here besides its bytes, so that a flood of tiny ones is bounded too. */
const messageCost = 256;

export const createConnection = (
  socket: TLSSocket,
  controller: Controller,
  of: { system: string; bounds: LdapBounds; signal: AbortSignal },
): Connection => {
  const { system, bounds, signal } = of;
  const frames = createFrames(bounds.entryBytes);
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let isOpen = true;

  const fault = (kind: 'unreachable' | 'unexpected', what: string, advice = advices[kind](system)) =>
    new LdapFault({
      ...{ kind, advice, problem: what },
      detail: `${controller.name}${[...pending.values()].map(({ name }) => `, ${name}`).join('')}: ${what}`,
      again: kind === 'unreachable' ? 'elsewhere' : 'never',
    });

  const fail = (reason: unknown, end = () => void socket.destroy()) => {
    if (!isOpen) return;
    isOpen = false;
    clearTimeout(unused);
    signal.removeEventListener('abort', stop);
    end();
    for (const one of pending.values()) {
      settle(one);
      one.reject(reason);
    }
    pending.clear();
  };
  const stop = () => fail(signal.reason);
  const close = () => {
    if (!isOpen) return;
    const goodbye = new UnbindRequest({ messageId: nextId() }).write();
    fail(fault('unreachable', 'closed here'), () => {
      socket.end(goodbye, () => socket.destroy());
      // A controller that takes in nothing any more does not hear it.
      setTimeout(() => socket.destroy(), goodbyeMs).unref();
      socket.unref();
    });
  };
  const unused = setTimeout(() => (pending.size === 0 ? close() : unused.refresh()), unusedMs).unref();

  const nextId = () => {
    lastId = lastId >= 0x7fff_fffe ? 1 : lastId + 1;
    return lastId;
  };

  const take = (message: Message, size: number) => {
    if (message.id === 0) {
      const said = message.kind === 'result' ? `result ${message.result.code}` : message.kind;
      throw fault('unreachable', `the controller ended the connection, ${said}`);
    }
    const one = pending.get(message.id);
    if (one === undefined) throw new Malformed(`an answer to nothing, number ${message.id}`);
    one.bytes += size + messageCost;
    if (one.bytes > bounds.answerBytes) throw new TooLarge(`an answer of more than ${bounds.answerBytes} bytes`);
    if (message.kind === 'result') {
      // Any other success would read as a search that found nothing.
      if (message.operation !== operations[one.method])
        throw new Malformed(`${one.method}, answered as ${message.operation}`);
      pending.delete(message.id);
      settle(one);
      const { entries, urls, bytes } = one;
      return one.resolve({ entries, urls, bytes, result: message.result });
    }
    if (one.entries.length + one.urls.length === 0) {
      clearTimeout(one.silence);
      one.silence = silence(one.name, bounds.idleMs);
    }
    if (message.kind === 'entry') one.entries.push(message.entry);
    else one.urls.push(...message.urls);
  };

  const silence = (name: string, ms: number) =>
    setTimeout(() => fail(fault('unreachable', `nothing was heard for ${ms / 1_000} s (${name})`)), ms);

  socket.on('data', (bytes: Buffer) => {
    for (const { silence } of pending.values()) silence.refresh();
    try {
      for (const message of frames.push(bytes)) if (isOpen) take(parseMessage(message), message.length);
    } catch (error) {
      if (error instanceof TooLarge) fail(fault('unexpected', error.message, tooLarge(system)));
      else fail(error instanceof Malformed ? fault('unexpected', error.message) : error);
    }
    rest();
  });
  socket.on('error', (error) => {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : 'the connection broke';
    fail(fault('unreachable', code));
  });
  socket.on('close', () => fail(fault('unreachable', 'the connection was closed')));
  socket.on('end', () => fail(fault('unreachable', 'the connection was closed')));
  signal.addEventListener('abort', stop, { once: true });

  /** An unused connection keeps no process alive. */
  const rest = () => {
    if (pending.size === 0 && isOpen) {
      unused.refresh();
      socket.unref();
    }
  };

  const ask = ({ method, name, write }: Request): Promise<Answer> =>
    new Promise((resolve, reject) => {
      if (!isOpen) return reject(fault('unreachable', 'the connection is closed'));
      const id = nextId();
      const end = setTimeout(() => fail(fault('unreachable', `no end after ${longestMs / 1_000} s`)), longestMs);
      const own = {
        method,
        name,
        entries: [],
        urls: [],
        bytes: 0,
        silence: silence(name, bounds.answerMs),
        end,
        resolve,
        reject,
      };
      pending.set(id, own);
      socket.ref();
      socket.write(write(id));
    });

  return {
    ...{ controller, ask, close },
    isOpen: () => isOpen,
    tell: (request) => void ask(request).catch(() => undefined),
  };
};

const operations = { BIND: 'bind', SEARCH: 'search', MODIFY: 'modify' } as const;

const settle = ({ silence, end }: Pending) => {
  clearTimeout(silence);
  clearTimeout(end);
};

const tooLarge = (system: string): string =>
  `${system} sent more at once than is taken in. If a single entry is that large, make it smaller there; the log of this server says what was asked.`;
