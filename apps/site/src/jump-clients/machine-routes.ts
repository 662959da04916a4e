import { Readable } from 'node:stream';
import { type Act, type App, audit, problems, type Request, serveWebSocket } from '@gatehouse/server';
import { z } from 'zod';
import { JoinInput } from '../api/console.ts';
import { AskInput, MachineOfSession, MachineSize, ShellsOfSession, StartedSession } from '../api/jump-clients.ts';
import { Lsid } from '../api/support.ts';
import { proveSaid, type Said } from '../conditions/index.ts';
import { inWords } from '../objects/index.ts';
import { readRecording } from '../recordings/index.ts';
import {
  type Change,
  findSession,
  listShells,
  type Rights,
  requireMember,
  requirePast,
  requireRepresentative,
  returnMachine,
} from '../support/index.ts';
import { requireMachine, requirePastMachine } from './machine.ts';
import { type ShellParts, serveShell } from './machine-shell.ts';
import { askForJumpClient, findGround, startJumpClientSession } from './session.ts';

const config = { access: 'signed-in' } as const;
const tags = ['jump clients'];
export const OneClient = z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) });
const OneSession = z.object({ lsid: Lsid });
const OneShell = OneSession.extend({ shell: z.uuid() });

export interface MachineParts extends ShellParts {
  /** @throws Problem where the code is not that of the person */
  readonly proveCode: (request: Request, code: string) => Promise<void>;
}

/** Sessions with machines, and what representatives do on them. */
export const serveMachines = (app: App, parts: MachineParts): void => {
  const { database, clock, minuteMs, proveCode } = parts;
  const act = <T>(by: Act, work: (change: Change, rights: Rights) => Promise<T>): Promise<T> =>
    inWords(() =>
      database.system(async (tx) => work({ tx, by, now: clock.now() }, await requireRepresentative(tx, by))),
    );
  /** Before it begins: what it asks for is judged again then. */
  const prove = async (
    request: Request,
    said: Said,
    find: (...asked: [Change, Rights]) => ReturnType<typeof findGround>,
  ) => {
    const { terms } = await act(request.act, find);
    return proveSaid(terms.conditions, said, (code) => proveCode(request, code));
  };

  app.post(
    '/api/console/jump-clients/:id/sessions',
    {
      config,
      schema: {
        ...{ summary: 'Start a support session with a Jump Client', tags, params: OneClient, body: JoinInput },
        response: { 201: StartedSession },
      },
    },
    async (request, reply) => {
      const { id: clientId } = request.params;
      const said = await prove(request, request.body, (change, rights) => findGround(change, rights, clientId));
      const lsid = await act(request.act, (change, rights) =>
        startJumpClientSession(change, rights, { clientId, said, minuteMs }),
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
    async (request, reply) => {
      const { lsid } = request.params;
      const { jumpClientId: clientId, ...input } = request.body;
      const said = await prove(request, input, async (change, rights) => {
        const member = await requireMember(change.tx, rights, lsid);
        return findGround(change, rights, clientId, member.lsid);
      });
      await act(request.act, (change, rights) => askForJumpClient(change, rights, lsid, { clientId, said, minuteMs }));
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
      await act(by, async (change, rights) => returnMachine(change, await requireMember(change.tx, rights, lsid)));
      return reply.code(204).send();
    },
  );
  app.get(
    '/api/support/sessions/:lsid/machine',
    {
      config,
      schema: { summary: 'The machine of a session', tags, params: OneSession, response: { 200: MachineOfSession } },
    },
    async ({ act: by, params: { lsid } }) => {
      const { client, rules, isRecorded, limitAt } = await database.system((tx) => requirePastMachine(tx, by, lsid));
      const { name, status, isLocked, shell, files } = client;
      const { upload, download, clipboard } = rules;
      return {
        ...{ name, status, isLocked, allows: { shell, files }, rules: { upload, download, clipboard } },
        ...{ isRecorded, limitAt: limitAt?.toISOString() ?? null },
      };
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
