import { type Act, type App, problems, serveWebSocket } from '@gatehouse/server';
import { z } from 'zod';
import { LiveQuery } from '../api/live.ts';
import { FileQuery, OneFile, SharedFile, SurveyInput } from '../api/portal.ts';
import {
  AttributesInput,
  CannedMessages,
  ConsoleFields,
  InviteInput,
  Lsid,
  NoteInput,
  OwnSupportSession,
  SupportPeople,
  SupportSessionQuery,
} from '../api/support.ts';
import { listCustomFields } from '../custom-fields/index.ts';
import { inWords } from '../objects/index.ts';
import { getOptions } from '../options/index.ts';
import { listCannedFor } from './canned-messages.ts';
import { sendFile, takeFile } from './file-routes.ts';
import { maySendFiles } from './files.ts';
import type { Change } from './in-session.ts';
import { invite } from './invitations.ts';
import { findLentMachine } from './lent-machine.ts';
import { openLine } from './live/line.ts';
import { openWatch } from './live/watch.ts';
import type { Support } from './open-support.ts';
import type { Member } from './participants.ts';
import { listPeople } from './people.ts';
import type { Rights } from './rights.ts';
import { findPast, requireMember, requirePast, requireRepresentative, see } from './see.ts';
import { changeSessionAttributes } from './sessions.ts';
import { findSession } from './store.ts';
import { completeSurvey, questionsFor } from './surveys.ts';
import { toWhole } from './views.ts';
import { addNote } from './words.ts';

const config = { access: 'signed-in' } as const;
const tags = ['remote support'];
const OneSession = z.object({ lsid: Lsid });

/** What representatives do within a session, and the lines that tell them what happens. */
export const serveRooms = (app: App, support: Support): void => {
  const { database, clock } = support;
  const act = <T>(by: Act, work: (change: Change, rights: Rights) => Promise<T>): Promise<T> =>
    inWords(() =>
      database.system(async (tx) => work({ tx, by, now: clock.now() }, await requireRepresentative(tx, by))),
    );
  const asMember = (by: Act, lsid: string): Promise<Member> =>
    act(by, ({ tx }, rights) => requireMember(tx, rights, lsid));

  app.get(
    '/api/support/sessions/:lsid',
    {
      config,
      schema: {
        ...{ summary: 'A session with what happened in it', tags, params: OneSession },
        ...{ querystring: SupportSessionQuery, response: { 200: OwnSupportSession } },
      },
    },
    async ({ act: by, params: { lsid }, query: { after } }) =>
      act(by, async ({ tx }, rights) => {
        const past = await findPast(tx, rights, lsid);
        const session = past === null ? await see(tx, rights, lsid) : await findSession(tx, lsid);
        if (session === null) throw problems.notFound();
        const survey = past === null ? [] : await questionsFor(tx, past);
        const mine = {
          you: past?.gsnumber ?? null,
          maySendFiles: maySendFiles(await getOptions(tx), 'representative'),
          machine: await findLentMachine(tx, session.lsid),
        };
        return { ...(await toWhole(tx, session, after)), ...mine, survey };
      }),
  );

  /** One route for what is done in a session and answered with nothing. */
  const inRoom = <B extends z.ZodType>(
    { path, summary, body, method = 'POST' }: { path: string; summary: string; body: B; method?: 'POST' | 'PATCH' },
    work: (change: Change, rights: Rights, lsid: string, input: z.output<B>) => Promise<unknown>,
  ) =>
    app.route({
      ...{ method, url: `/api/support/sessions/:lsid/${path}`, config },
      schema: { summary, tags, params: OneSession, body, response: { 204: z.void() } },
      handler: async ({ act: by, params: { lsid }, body: input }, reply) => {
        // Parsed by the schema of the route.
        const done = await act(by, (change, rights) => work(change, rights, lsid, body.parse(input)));
        if (done === null) throw problems.notFound();
        return reply.code(204).send();
      },
    });
  inRoom({ path: 'notes', summary: 'Note something', body: NoteInput }, async (change, rights, lsid, { text }) => {
    await see(change.tx, rights, lsid);
    return addNote(change, lsid, rights, text);
  });
  inRoom(
    {
      path: 'attributes',
      summary: 'Change the external key and custom fields',
      body: AttributesInput,
      method: 'PATCH',
    },
    async (change, rights, lsid, { attributes }) => {
      const { gsnumber } = await requireMember(change.tx, rights, lsid);
      return changeSessionAttributes(change, lsid, attributes, gsnumber);
    },
  );
  inRoom(
    { path: 'invite', summary: 'Invite another representative', body: InviteInput },
    async (change, rights, lsid, { userId }) => {
      await see(change.tx, rights, lsid);
      return invite(change, lsid, rights, userId);
    },
  );
  inRoom(
    { path: 'survey', summary: 'Answer the exit survey', body: SurveyInput },
    async (change, rights, lsid, { answers }) =>
      completeSurvey(change, await requirePast(change.tx, rights, lsid), answers),
  );

  app.get(
    '/api/support/people',
    { config, schema: { summary: 'Teams and representatives', tags, response: { 200: SupportPeople } } },
    async ({ act: by }) => act(by, ({ tx, now }, rights) => listPeople(tx, rights, now)),
  );
  app.get(
    '/api/support/fields',
    { config, schema: { summary: 'Custom fields of the console', tags, response: { 200: ConsoleFields } } },
    async ({ act: by }) =>
      act(by, async ({ tx }) => ({
        items: (await listCustomFields(tx))
          .filter(({ shownInConsole }) => shownInConsole)
          .map(({ codeName, displayName: name }) => ({ codeName, name })),
      })),
  );
  app.get(
    '/api/support/canned-messages',
    { config, schema: { summary: 'Your canned messages', tags, response: { 200: CannedMessages } } },
    async ({ act: by }) => act(by, async ({ tx }, { teams }) => ({ items: [...(await listCannedFor(tx, teams))] })),
  );

  app.get(
    '/api/support/sessions/:lsid/files/:file',
    { config, schema: { summary: 'Download a file', tags, params: OneSession.extend(OneFile.shape) } },
    async ({ act: by, params: { lsid, file } }, reply) => {
      const member = await act(by, ({ tx }, rights) => requirePast(tx, rights, lsid));
      return sendFile(support, member, by, reply, file);
    },
  );
  app.register(async (uploads: App) => {
    uploads.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
    uploads.put(
      '/api/support/sessions/:lsid/files',
      {
        config,
        schema: {
          ...{ summary: 'Send a file', tags, params: OneSession, querystring: FileQuery },
          response: { 201: SharedFile },
        },
      },
      async (request, reply) => {
        const member = await asMember(request.act, request.params.lsid);
        reply.code(201);
        return takeFile(support, member, request.act, request, request.query.name);
      },
    );
  });

  serveWebSocket(app, {
    ...{ path: '/api/support/sessions/:lsid/live', access: 'signed-in', subprotocols: [] },
    async admit(request) {
      const { lsid } = OneSession.parse(request.params);
      const { after } = LiveQuery.parse(request.query);
      return openLine(support, await asMember(request.act, lsid), after);
    },
  });
  serveWebSocket(app, {
    ...{ path: '/api/support/live', access: 'signed-in', subprotocols: [] },
    async admit(request) {
      await act(request.act, async () => undefined);
      return openWatch(support.hub);
    },
  });
};
