import { toFault } from '@gatehouse/kernel';
import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import { findConnection } from '../connections/index.ts';
import type { DeskParts } from '../parts.ts';
import { heedChange } from './heed.ts';

const One = z.object({ connectionId: z.uuid() });

/** Where desks tell of changes, each proven by the secret of its settings; what they say is a reason to look, and no more. */
export const serveChanges = (app: App, parts: DeskParts, wake: () => void): void => {
  const { database, log } = parts;
  app.register(async (changes: App) => {
    // The signature is over what was sent, letter by letter.
    changes.removeAllContentTypeParsers();
    changes.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 65_536 }, (_request, body, done) =>
      done(null, body),
    );
    changes.post(
      '/extension/connect/changes/:connectionId',
      {
        config: { access: 'program', rateLimit: { max: 6_000, timeWindow: 60_000 } },
        schema: { summary: 'A change of a ticket', tags: ['events'], params: One, response: { 202: z.string() } },
      },
      async ({ params: { connectionId }, headers, body }, reply) => {
        const connection = await database.system((tx) => findConnection(tx, connectionId));
        if (!connection?.enabled) throw problems.notFound();
        const { desk, client } = parts.openConnection(connection);
        const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value ?? '')]));
        const heard = await desk.hear?.(client, { headers: plain, body: typeof body === 'string' ? body : '' });
        // Who does not know the secret learns nothing.
        if (heard === undefined || heard === null) throw problems.notFound();
        // Whoever changed the ticket waits for this answer.
        void heedChange(parts, connection, heard.ticket).then(wake, (error: unknown) => {
          const fault = toFault(error);
          log.info({ err: fault, detail: fault.detail, ticket: heard.ticket }, 'a change of a ticket was not heeded');
        });
        return reply.code(202).type('text/plain').send('OK');
      },
    );
  });
};
