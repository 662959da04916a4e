import { Readable } from 'node:stream';
import { type App, audit, problems, serveWebSocket } from '@gatehouse/server';
import { z } from 'zod';
import { AskInput, MachineOfSession, MachineSize, ShellsOfSession, StartedSession } from '../api/jump-clients.ts';
import { Lsid } from '../api/support.ts';
import { inWords } from '../objects/index.ts';
import { readRecording } from '../recordings/index.ts';
import {
  findSession,
  listShells,
  requireMember,
  requirePast,
  requireRepresentative,
  returnMachine,
} from '../support/index.ts';
import { requireMachine, requirePastMachine } from './machine.ts';
import { type ShellParts, serveShell } from './machine-shell.ts';
import { askForJumpClient, startJumpClientSession } from './session.ts';

const config = { access: 'signed-in' } as const;
const tags = ['jump clients'];
const OneClient = z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) });
const OneSession = z.object({ lsid: Lsid });
const OneShell = OneSession.extend({ shell: z.uuid() });

/** Sessions with machines, and what representatives do on them. */
export const serveMachines = (app: App, parts: ShellParts): void => {
  const { database, clock } = parts;
  app.post(
    '/api/console/jump-clients/:id/sessions',
    {
      config,
      schema: {
        ...{ summary: 'Start a support session with a Jump Client', tags, params: OneClient },
        response: { 201: StartedSession },
      },
    },
    async ({ act: by, params: { id } }, reply) => {
      const lsid = await inWords(() =>
        database.system(async (tx) =>
          startJumpClientSession({ tx, by, now: clock.now() }, await requireRepresentative(tx, by), id),
        ),
      );
      return reply.code(201).send({ lsid });
    },
  );

  app.post(
    '/api/support/sessions/:lsid/machine',
    {
      config,
      schema: {
        ...{ summary: 'Ask the customer for their machine', tags, params: OneSession, body: AskInput },
        response: { 204: z.void() },
      },
    },
    async ({ act: by, params: { lsid }, body: { jumpClientId } }, reply) => {
      await inWords(() =>
        database.system(async (tx) =>
          askForJumpClient({ tx, by, now: clock.now() }, await requireRepresentative(tx, by), lsid, jumpClientId),
        ),
      );
      return reply.code(204).send();
    },
  );
  app.delete(
    '/api/support/sessions/:lsid/machine',
    {
      config,
      schema: { summary: 'Disconnect the machine', tags, params: OneSession, response: { 204: z.void() } },
    },
    async ({ act: by, params: { lsid } }, reply) => {
      await inWords(() =>
        database.system(async (tx) => {
          const member = await requireMember(tx, await requireRepresentative(tx, by), lsid);
          await returnMachine({ tx, by, now: clock.now() }, member);
        }),
      );
      return reply.code(204).send();
    },
  );
  app.get(
    '/api/support/sessions/:lsid/machine',
    {
      config,
      schema: { summary: 'The machine of a session', tags, params: OneSession, response: { 200: MachineOfSession } },
    },
    async ({ act, params: { lsid } }) => {
      const { client, rules } = await database.system((tx) => requirePastMachine(tx, act, lsid));
      const { name, status, isLocked, shell, files } = client;
      const { upload, download, clipboard } = rules;
      return { name, status, isLocked, allows: { shell, files }, rules: { upload, download, clipboard } };
    },
  );

  serveWebSocket(app, {
    ...{ path: '/api/support/sessions/:lsid/machine/shell', access: 'signed-in', subprotocols: [] },
    async admit({ act, params, query }) {
      const { lsid } = OneSession.parse(params);
      const size = MachineSize.parse(query);
      const machine = await database.system((tx) => requireMachine(tx, act, lsid));
      return (socket) => serveShell(parts, { act, machine, size }, socket);
    },
  });

  app.get(
    '/api/support/sessions/:lsid/machine/shells',
    {
      config,
      schema: { summary: 'Recorded shells of a session', tags, params: OneSession, response: { 200: ShellsOfSession } },
    },
    async ({ act, principal, params: { lsid } }) =>
      database.system(async (tx) => {
        if (!principal.systemAdministrator) await requirePast(tx, await requireRepresentative(tx, act), lsid);
        return { items: (await listShells(tx, lsid.toLowerCase())).map((id) => ({ id })) };
      }),
  );

  app.get(
    '/api/support/sessions/:lsid/machine/shells/:shell/recording',
    { config, schema: { summary: 'What was seen in a shell', tags, params: OneShell } },
    async (request, reply) => {
      const { act, principal, params } = request;
      const { lsid, shell } = params;
      await database.system(async (tx) => {
        if (!principal.systemAdministrator) await requirePast(tx, await requireRepresentative(tx, act), lsid);
        if (!(await listShells(tx, lsid.toLowerCase())).includes(shell)) throw problems.notFound();
        const session = await findSession(tx, lsid);
        if (session === null) throw problems.notFound();
        const change = { lsid, shell, request: act.correlationId };
        const by = { ...act, correlationId: session.correlationId };
        await audit(tx, by, { action: 'recording.play', target: `Session ${lsid}`, change });
      });
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const bytes = await readRecording(parts, shell, { signal: AbortSignal.any([gone.signal, app.closing]) });
      if (bytes === null) throw problems.notFound();
      reply.header('content-type', 'application/x-asciicast');
      return reply.send(Readable.from(bytes, { objectMode: false }));
    },
  );
};
