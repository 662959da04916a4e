import { Readable } from 'node:stream';
import { type App, audit, problems, type Request } from '@gatehouse/server';
import { RecordingHits, RecordingQuery, RecordingSearchQuery, type Session } from '../api/console.ts';
import { createDesktopReader, desktopType, toRfb } from '../api/desktop-format.ts';
import { findRecording, readRecording, readTranscript, searchTranscript } from '../recordings/index.ts';
import type { Sessions } from './open-sessions.ts';
import { findOwn, OneSession } from './routes.ts';
import { findSession } from './store.ts';

const config = { access: 'signed-in' } as const;
const tags = ['recordings'];
const mostHits = 200;

/** A person sees what they did themselves; administrators see, and watch, what everybody does. */
export const serveRecordings = (app: App, sessions: Sessions): void => {
  const { parts } = sessions;
  const { database } = parts;

  const find = async (request: Request, id: string): Promise<Session> => {
    if (!request.principal.systemAdministrator) return findOwn(sessions, request, id);
    const session = await database.system((tx) => findSession(tx, id));
    if (session === null) throw problems.notFound();
    return session;
  };

  app.get(
    '/api/sessions/:id/recording',
    {
      config,
      schema: { summary: 'What was seen in a session', tags, params: OneSession, querystring: RecordingQuery },
    },
    async (request, reply) => {
      const { act, params, query, principal } = request;
      const session = await find(request, params.id);
      const recording = await database.system((tx) => findRecording(tx, session.id));
      const gone = new AbortController();
      const access = app.watchAccess(request, 30_000);
      const signal = AbortSignal.any([gone.signal, access.signal, app.closing]);
      const bytes = await readRecording(parts, session.id, { follow: query.follow, signal });
      if (recording === null || bytes === null) throw problems.notFound();
      const shape = shapes[recording.format][query.as];
      if (shape === undefined || (query.as === 'rfb' && session.item.type !== 'remote-vnc'))
        throw problems.unusable('This recording does not come in this form.');

      const live = query.follow ? sessions.find(session.id) : null;
      const action = live ? 'session.watch' : query.download ? 'recording.download' : 'recording.play';
      const change = { session: session.id, person: session.person.username, as: query.as };
      await database.system((tx) => audit(tx, act, { action, target: session.item.hostname, change }));
      const unwatch = live?.watch(principal.name);
      reply.raw.once('close', () => {
        gone.abort();
        access.end();
        unwatch?.();
      });
      reply.header('content-type', shape.type);
      reply.header('x-accel-buffering', 'no');
      if (query.download) reply.header('content-disposition', `attachment; filename="${session.id}.${shape.ending}"`);
      return reply.send(Readable.from(shape.read(bytes), { objectMode: false }));
    },
  );

  app.get(
    '/api/sessions/:id/recording/search',
    {
      config,
      schema: {
        ...{ summary: 'Where a text was seen in a session', tags, params: OneSession },
        ...{ querystring: RecordingSearchQuery, response: { 200: RecordingHits } },
      },
    },
    async (request) => {
      const session = await find(request, request.params.id);
      const gone = new AbortController();
      request.raw.once('close', () => gone.abort());
      const recording = await database.system((tx) => findRecording(tx, session.id));
      const bytes = await readRecording(parts, session.id, { signal: gone.signal });
      if (bytes === null || recording?.format !== 'asciicast') throw problems.notFound();
      return searchTranscript(readTranscript(bytes), request.query.query, mostHits);
    },
  );
};

interface Shape {
  readonly type: string;
  readonly ending: string;
  read(bytes: AsyncGenerator<Buffer>): AsyncIterable<Buffer | string>;
}

const asIs = (bytes: AsyncGenerator<Buffer>) => bytes;

async function* asText(bytes: AsyncGenerator<Buffer>) {
  for await (const { atMs, text } of readTranscript(bytes))
    yield `${new Date(atMs).toISOString().slice(11, 19)}  ${text}\n`;
}

async function* framesOf(bytes: AsyncGenerator<Buffer>) {
  const reader = createDesktopReader();
  for await (const part of bytes) yield* reader.push(part);
}
async function* asRfb(bytes: AsyncGenerator<Buffer>) {
  for await (const part of toRfb(framesOf(bytes))) yield Buffer.from(part);
}

/** In what forms a recording comes. */
const shapes: Readonly<Record<'asciicast' | 'desktop', { readonly [as: string]: Shape }>> = {
  asciicast: {
    own: { type: 'application/x-asciicast', ending: 'cast', read: asIs },
    text: { type: 'text/plain; charset=utf-8', ending: 'txt', read: asText },
  },
  desktop: {
    own: { type: desktopType, ending: 'desktop', read: asIs },
    rfb: { type: 'application/vnd.rfb', ending: 'rfb', read: asRfb },
  },
};
