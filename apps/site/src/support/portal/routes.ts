import { type App, problems, serveWebSocket } from '@gatehouse/server';
import { z } from 'zod';
import { LiveQuery } from '../../api/live.ts';
import {
  BeginInput,
  FileQuery,
  LendInput,
  LinkAnswer,
  LinkInput,
  OneFile,
  Portal,
  PortalSession,
  SharedFile,
  SurveyInput,
} from '../../api/portal.ts';
import { inWords } from '../../objects/index.ts';
import { getOptions } from '../../options/index.ts';
import { sendFile, takeFile } from '../file-routes.ts';
import { maySendFiles } from '../files.ts';
import type { Change } from '../in-session.ts';
import { addSystemInformation } from '../information.ts';
import { isLinkValid, redeemKey } from '../keys/redeem.ts';
import { answerForMachine, returnMachine } from '../lent-machine.ts';
import { openLine } from '../live/line.ts';
import { findLive } from '../live/views.ts';
import type { Support } from '../open-support.ts';
import type { Member } from '../participants.ts';
import { byMember } from '../screen.ts';
import { findSession } from '../store.ts';
import { completeSurvey, questionsFor } from '../surveys.ts';
import { forgetCookie, readCookie, writeCookie } from './cookie.ts';
import { beginByThemselves, customerLeaves, findCustomer, giveToken, markSeen } from './customers.ts';
import { describePortal } from './describe-portal.ts';

const config = { access: 'public' } as const;
const tags = ['customer portal'];

interface Asked {
  readonly headers: { readonly cookie?: string | undefined };
}

/** What customers do, who sign in nowhere: a cookie of their own says which session is theirs. */
export const servePortal = (app: App, support: Support): void => {
  const { database, clock } = support;
  const isHttps = () => support.baseUrl().startsWith('https:');

  const find = async (request: Asked) => {
    const found = await database.system((tx) => findCustomer(tx, readCookie(request), clock.now()));
    if (found === null) throw problems.notFound();
    return found;
  };
  /** Only while they are in the session. */
  const findThere = async (request: Asked): Promise<Member> => {
    const { isThere, ...member } = await find(request);
    if (!isThere) throw problems.conflict('The session is over.');
    return member;
  };
  const act = <T>(member: Member, work: (change: Change) => Promise<T>): Promise<T> =>
    inWords(() => database.system((tx) => work({ tx, by: byMember(member), now: clock.now() })));

  app.get(
    '/api/portal',
    { config, schema: { summary: 'What a customer finds', tags, response: { 200: Portal } } },
    async () => database.system((tx) => describePortal(tx, clock.now())),
  );
  app.post(
    '/api/portal/link',
    {
      config,
      schema: { summary: 'Whether a link is valid', tags, body: LinkInput, response: { 200: LinkAnswer } },
    },
    async ({ body }) => ({
      valid: await database.system((tx) => isLinkValid(tx, support.keyHash, body.key, clock.now())),
    }),
  );
  app.post(
    '/api/portal/sessions',
    {
      config,
      schema: { summary: 'Begin a support session', tags, body: BeginInput, response: { 201: PortalSession } },
    },
    async ({ body, ip, id: correlationId }, reply) => {
      const { key, issue, name, company, description, system } = body;
      const by = { principal: { kind: 'program', id: 'portal', name }, correlationId } as const;
      const customer = {
        ...{ name, company, issue: description, address: ip, hostname: '' },
        operatingSystem: system?.platform ?? '',
      };
      const begun = await inWords(() =>
        key === undefined
          ? database.system((tx) => beginByThemselves({ tx, by, now: clock.now() }, issue ?? null, customer))
          : redeemKey(support, by, key, ip, customer),
      );
      const member = { ...begun, kind: 'customer', name } as const;
      const token = await act(member, async (change) => {
        if (system !== undefined) await addSystemInformation(change, member, system);
        return giveToken(change.tx, member, change.now);
      });
      reply.header('set-cookie', writeCookie(token, isHttps()));
      return reply.code(201).send(await show({ ...member, isThere: true }));
    },
  );

  const show = (member: Member & { readonly isThere: boolean }): Promise<PortalSession> =>
    database.system(async (tx) => {
      const session = (await findLive(tx, [member.lsid])).get(member.lsid)?.customer;
      if (session === undefined) throw problems.notFound();
      const survey = await questionsFor(tx, member);
      const options = await getOptions(tx);
      const may = { sendFiles: maySendFiles(options, 'customer'), shareScreen: options.customersShareScreens };
      return { you: member.gsnumber, session, isThere: member.isThere, may, survey };
    });
  app.get(
    '/api/portal/session',
    { config, schema: { summary: 'Their session, or null', tags, response: { 200: PortalSession.nullable() } } },
    async (request) => {
      const found = await database.system((tx) => findCustomer(tx, readCookie(request), clock.now()));
      return found === null ? null : show(found);
    },
  );
  app.post(
    '/api/portal/session/leave',
    { config, schema: { summary: 'End the session', tags, response: { 200: PortalSession } } },
    async (request) => {
      const member = await findThere(request);
      await act(member, (change) => customerLeaves(change, member, 'ended_by_customer'));
      return show({ ...member, isThere: false });
    },
  );
  app.post(
    '/api/portal/session/machine',
    {
      config,
      schema: { summary: 'Lend the machine, or do not', tags, body: LendInput, response: { 204: z.void() } },
    },
    async (request, reply) => {
      const member = await findThere(request);
      await act(member, (change) => answerForMachine(change, member, request.body));
      return reply.code(204).send();
    },
  );
  app.delete(
    '/api/portal/session/machine',
    { config, schema: { summary: 'Disconnect the machine', tags, response: { 204: z.void() } } },
    async (request, reply) => {
      const member = await findThere(request);
      await act(member, (change) => returnMachine(change, member));
      return reply.code(204).send();
    },
  );
  app.delete(
    '/api/portal/session',
    { config, schema: { summary: 'Forget a session that is over', tags, response: { 204: z.void() } } },
    async (_request, reply) => {
      reply.header('set-cookie', forgetCookie);
      return reply.code(204).send();
    },
  );
  app.post(
    '/api/portal/session/survey',
    { config, schema: { summary: 'Answer the exit survey', tags, body: SurveyInput, response: { 204: z.void() } } },
    async (request, reply) => {
      const { isThere: _, ...member } = await find(request);
      if ((await act(member, (change) => completeSurvey(change, member, request.body.answers))) === null)
        throw problems.notFound();
      return reply.code(204).send();
    },
  );
  app.get(
    '/api/portal/session/files/:file',
    { config, schema: { summary: 'Download a file', tags, params: OneFile } },
    async (request, reply) => {
      const { isThere: _, ...member } = await find(request);
      return sendFile(support, member, byMember(member), reply, request.params.file);
    },
  );
  app.register(async (uploads: App) => {
    uploads.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
    uploads.put(
      '/api/portal/session/files',
      {
        config,
        schema: { summary: 'Send a file', tags, querystring: FileQuery, response: { 201: SharedFile } },
      },
      async (request, reply) => {
        const member = await findThere(request);
        // Whoever fills queues fills no disks.
        const session = await database.system((tx) => findSession(tx, member.lsid));
        if (session?.state !== 'active') throw problems.conflict('Wait until a representative is in the session.');
        reply.code(201);
        return takeFile(support, member, byMember(member), request, request.query.name);
      },
    );
  });
  serveWebSocket(app, {
    ...{ path: '/api/portal/session/live', access: 'public', subprotocols: [] },
    async admit(request) {
      const member = await findThere(request);
      const { after } = LiveQuery.parse(request.query);
      await database.system((tx) => markSeen(tx, [member], clock.now()));
      return openLine(support, member, after);
    },
  });
};
