import type { Database, Sql } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { type App, audit, problems } from '@gatehouse/server';
import { z } from 'zod';
import { HeldSession, Hold, HoldInput } from '../api/retention.ts';
import { Lsid } from '../api/support.ts';
import { changeHold, findHold, type Kept, keptSessions, keptSupport } from './holds.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['retention'];

interface HoldParts {
  readonly database: Database;
  readonly clock: Clock;
}

/** Which sessions are kept in any case: those with endpoints, and support sessions. */
export const serveHolds = (app: App, parts: HoldParts): void => {
  serve(app, parts, keptSessions, '/api/sessions/:id/hold', z.object({ id: z.uuid() }), ({ id }) => id);
  const OneSupport = z.object({ lsid: Lsid });
  serve(app, parts, keptSupport, '/api/support-sessions/:lsid/hold', OneSupport, ({ lsid }) => lsid.toLowerCase());
};

const serve = <P extends z.ZodType>(
  app: App,
  { database, clock }: HoldParts,
  kept: Kept,
  path: string,
  params: P,
  idIn: (params: z.output<P>) => string,
): void => {
  const what = kept.noun === 'session' ? 'a session' : 'a support session';
  // Parsed by the schema of the route.
  const idOf = (given: unknown) => idIn(params.parse(given));
  app.get(
    path,
    { config, schema: { summary: `Who keeps ${what}, and why`, tags, params, response: { 200: HeldSession } } },
    async (request) => {
      const hold = await database.system((tx) => findHold(tx, kept, idOf(request.params)));
      if (hold === undefined) throw problems.notFound();
      return { hold };
    },
  );
  app.put(
    path,
    {
      config,
      schema: {
        ...{ summary: `Keep ${what} whatever the retention says`, tags, params },
        ...{ body: HoldInput, response: { 200: Hold } },
      },
    },
    async (request) =>
      database.system(async (tx) => {
        const { reason } = request.body;
        const id = idOf(request.params);
        const hold = { by: request.principal.name, at: clock.now(), reason };
        const held = await changeHold(tx, kept, id, hold);
        if (held === null) throw await whyNot(tx, kept, id, 'Somebody keeps this session already.');
        const change = { session: id, reason };
        const by = { ...request.act, correlationId: held.correlationId };
        await audit(tx, by, { action: `${kept.noun}.hold`, target: held.name, change });
        return { ...hold, at: hold.at.toISOString() };
      }),
  );
  app.delete(
    path,
    { config, schema: { summary: `Leave ${what} to the retention again`, tags, params } },
    async (request, reply) => {
      const id = idOf(request.params);
      await database.system(async (tx) => {
        const before = await findHold(tx, kept, id);
        const held = await changeHold(tx, kept, id, null);
        if (held === null) throw await whyNot(tx, kept, id, 'Nobody keeps this session.');
        const change = { session: id, by: before?.by ?? null, reason: before?.reason ?? null };
        const by = { ...request.act, correlationId: held.correlationId };
        await audit(tx, by, { action: `${kept.noun}.hold-end`, target: held.name, change });
      });
      return reply.code(204).send();
    },
  );
};

const whyNot = async (tx: Sql, kept: Kept, id: string, words: string) =>
  (await findHold(tx, kept, id)) === undefined ? problems.notFound() : problems.conflict(words);
