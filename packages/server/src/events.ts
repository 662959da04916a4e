import type { Json } from '@gatehouse/kernel';
import type { FastifyReply } from 'fastify';

/** One message of a stream of server-sent events. `id` comes back as `Last-Event-ID` when the browser reconnects. */
export interface ServerEvent {
  readonly event?: string;
  readonly id?: string;
  readonly data: Json;
}

export interface EventOptions {
  /** A comment is sent when nothing else was for this long, so that proxies keep the connection. Default 15,000. */
  readonly heartbeatMs?: number;
  /** How often to look whether the caller may still have them. Default 30,000; sign-out and the like end it at once. */
  readonly accessMs?: number;
  /** Ends the stream. It also ends when the browser goes away and when the server closes. */
  readonly signal?: AbortSignal;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Aborts when the server begins to close. */
    closing: AbortSignal;
  }
}

/**
 * Answers with the events of `source` until it ends, the browser leaves, `signal` aborts, the server closes or the
 * caller may no longer have them: signed out, removed, without their role. The source is ended with `return()`, so a generator's `finally` runs. A slow reader slows the source.
 */
export const sendEvents = async (
  reply: FastifyReply,
  source: AsyncIterable<ServerEvent>,
  { heartbeatMs = 15_000, accessMs = 30_000, signal }: EventOptions = {},
): Promise<void> => {
  const gone = new AbortController();
  const access = reply.server.watchAccess(reply.request, accessMs);
  const stop = AbortSignal.any([gone.signal, access.signal, reply.server.closing, ...(signal ? [signal] : [])]);
  reply.hijack();
  const { raw } = reply;
  raw.on('close', () => gone.abort());
  raw.on('error', () => gone.abort());
  raw.writeHead(200, {
    ...Object.fromEntries(Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined)),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'close',
    'x-accel-buffering': 'no',
  });
  raw.flushHeaders();

  const events = source[Symbol.asyncIterator]();
  const stopped = new Promise<'stopped'>((resolve) => {
    if (stop.aborted) resolve('stopped');
    stop.addEventListener('abort', () => resolve('stopped'), { once: true });
  });
  const heartbeat = setInterval(() => raw.write(': still here\n\n'), heartbeatMs);
  try {
    for (;;) {
      const next = await Promise.race([events.next(), stopped]);
      if (next === 'stopped' || next.done) break;
      heartbeat.refresh();
      if (!raw.write(toText(next.value))) await Promise.race([drained(raw), stopped]);
    }
  } catch (error) {
    // The status is sent already; the browser reconnects and sees the state then.
    reply.log.error({ err: error }, 'a stream of events failed');
  } finally {
    clearInterval(heartbeat);
    access.end();
    // Not awaited: a source that waits for something would keep the answer open.
    void Promise.resolve(events.return?.()).catch((error: unknown) =>
      reply.log.error({ err: error }, 'a source of events did not end'),
    );
    raw.end();
  }
};

const toText = ({ event, id, data }: ServerEvent): string =>
  `${event ? `event: ${oneLine(event)}\n` : ''}${id ? `id: ${oneLine(id)}\n` : ''}data: ${JSON.stringify(data)}\n\n`;

const oneLine = (text: string) => text.replaceAll(/[\r\n\0]/g, ' ');

const drained = (raw: NodeJS.EventEmitter) => new Promise<void>((resolve) => raw.once('drain', resolve));
