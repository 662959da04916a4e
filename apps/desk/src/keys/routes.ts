import type { Sql } from '@gatehouse/database';
import { escapeHtml, type Ticket } from '@gatehouse/desk-kit';
import { asFault, isMailAddress } from '@gatehouse/host';
import { putMail, summariseMails, toSubject } from '@gatehouse/mail';
import { type Act, type App, audit, Problem, problems } from '@gatehouse/server';
import type { z } from 'zod';
import {
  KeyAnswer,
  KeyInput,
  LaunchAnswer,
  LaunchInput,
  OneTicket,
  Preview,
  PreviewInput,
  SendAnswer,
  SendInput,
  TicketAnswer,
} from '../api/keys.ts';
import { type Connection, findConnection, type OpenDesk } from '../connections/index.ts';
import type { DeskParts } from '../parts.ts';
import { permit } from '../people/index.ts';
import { findSite, type SiteClient } from '../sites/index.ts';
import { resolveQueue } from './assign.ts';
import { launch } from './launch.ts';
import { makeKey } from './make-key.ts';

const config = { access: 'signed-in' } as const;
const tags = ['session keys'];
const path = '/api/connections/:connectionId/tickets/:ticket';

/** What technicians do with a ticket. */
export const serveKeys = (app: App, parts: DeskParts): void => {
  const { database, clock, sealer } = parts;

  app.get(
    path,
    { config, schema: { summary: 'A ticket', tags, params: OneTicket, response: { 200: TicketAnswer } } },
    async (request) =>
      inWords(async () => {
        const { params } = request;
        await permit(database, request, 'technician');
        const { connection, desk, ticket } = await open(params);
        const { requester, assignee, id, number, url, subject, status, isOpen } = ticket;
        return {
          ...{ id, number, url, subject, status, isOpen, assignee: assignee?.name ?? null },
          ...{ requester: requester?.name ?? null, requesterEmail: requester?.email ?? null },
          ...{ connection: connection.name, desk: desk.desk.name, sendsBy: await senderFor(desk, ticket) },
          assignment: connection.assignment,
          jumpSearch: ticket.fields.jumpSearch === undefined ? null : (ticket.fields.jumpSearch ?? ''),
        };
      }),
  );
  app.post(
    `${path}/preview`,
    {
      config,
      schema: {
        ...{ summary: 'Where the customer would wait', tags, params: OneTicket, body: PreviewInput },
        response: { 200: Preview },
      },
    },
    async (request) => {
      const { params, body, principal } = request;
      await permit(database, request, 'technician');
      try {
        return await inWords(async () => {
          const { connection, desk, site, ticket } = await open(params);
          const { assignment = connection.assignment } = body;
          return resolveQueue(desk, site, { ticket, assignment, email: emailOf(principal) });
        });
      } catch (error) {
        if (error instanceof Problem && error.status === 409) return { queue: null, words: error.message };
        throw error;
      }
    },
  );
  app.post(
    `${path}/key`,
    {
      config,
      schema: {
        ...{ summary: 'Make a session key and its address', tags, params: OneTicket, body: KeyInput },
        response: { 201: KeyAnswer },
      },
    },
    async (request, reply) => {
      const { params, body, act, principal } = request;
      await permit(database, request, 'technician');
      const made = await inWords(async () => {
        const { connection, desk, site, ticket } = await open(params);
        const { assignment = connection.assignment } = body;
        return makeKey(parts, { connection, desk, site, ticket, assignment, by: act, email: emailOf(principal) });
      });
      return reply.code(201).send(made);
    },
  );
  app.post(
    `${path}/launch`,
    {
      config,
      schema: {
        ...{ summary: 'Begin a session with a Jump Client', tags, params: OneTicket, body: LaunchInput },
        response: { 201: LaunchAnswer },
      },
    },
    async (request, reply) => {
      const { params, body, act, principal } = request;
      await permit(database, request, 'technician');
      const launched = await inWords(async () =>
        launch(parts, { ...(await open(params)), ...body, by: act, email: emailOf(principal) }),
      );
      return reply.code(201).send(launched);
    },
  );
  app.post(
    `${path}/send`,
    {
      config,
      schema: {
        ...{ summary: 'Send the invitation to the customer', tags, params: OneTicket, body: SendInput },
        response: { 200: SendAnswer },
      },
    },
    async (request) => {
      const { params, act } = request;
      const { subject, body } = request.body;
      await permit(database, request, 'technician');
      return inWords(async () => {
        const { connection, desk, ticket } = await open(params);
        const by = await senderFor(desk, ticket);
        const noted = (tx: Sql) =>
          audit(tx, act, { action: 'session-key.send', target: ticket.number, change: { desk: connection.name, by } });
        if (by === 'desk') {
          const html = `<p>${escapeHtml(body).replaceAll('\n', '<br>')}</p>`;
          const sent = await desk.desk.reply?.(desk.client, ticket.id, { subject, html });
          if (sent?.state !== 'done')
            throw problems.conflict('The ticket was changed or deleted meanwhile. Try again.');
          await database.system(noted);
          return { by, mailId: null };
        }
        if (by === null)
          throw problems.conflict(
            'Nobody can send it: this desk sends nothing for other programs, and this program has no mail server, or the ticket no address of a customer.',
          );
        const mailId = await database.system(async (tx) => {
          await noted(tx);
          return sendByMail(tx, ticket, { subject, body });
        });
        parts.mail.wake();
        return { by, mailId };
      });
    },
  );

  /** A desk that sends keeps it in its ticket, for both to see; else mail of this program goes to whoever asked. */
  const senderFor = async ({ desk, client }: OpenDesk, { requester }: Ticket): Promise<'desk' | 'mail' | null> => {
    if (desk.reply !== undefined && (desk.mayReply?.(client) ?? true)) return 'desk';
    if (!isMailAddress(requester?.email ?? '')) return null;
    return (await database.system((tx) => summariseMails(tx))).isSetUp ? 'mail' : null;
  };
  /** Sealed until it is sent, because it opens a session. */
  const sendByMail = (tx: Sql, { number, requester }: Ticket, words: z.output<typeof SendInput>): Promise<string> => {
    const at = clock.now();
    const mail = { kind: 'session-key', about: number, recipients: [requester?.email ?? ''], at };
    const until = new Date(at.getTime() + 86_400_000);
    return putMail(tx, { ...mail, until, subject: toSubject(words.subject), text: words.body }, sealer);
  };
  const open = async ({
    connectionId,
    ticket: key,
  }: z.output<typeof OneTicket>): Promise<{
    connection: Connection;
    desk: OpenDesk;
    site: SiteClient;
    origin: string;
    ticket: Ticket;
  }> => {
    const found = await database.system(async (tx) => {
      const connection = await findConnection(tx, connectionId);
      return connection === null ? null : { connection, site: await findSite(tx, connection.siteId) };
    });
    if (found === null || found.site === null || !found.connection.enabled) throw problems.notFound();
    const desk = parts.openConnection(found.connection);
    const ticket = await desk.desk.findTicket(desk.client, key);
    if (ticket === null) throw problems.notFound();
    const { connection, site } = found;
    return { connection, desk, site: parts.openSite(site), origin: site.url, ticket };
  };
  /** What another system lets us down with, in its words: the person can do something about it. */
  const inWords = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Problem) throw error;
      const fault = asFault(error, 'the other system');
      // Our own mistake: it is told as one.
      if (fault === null) throw error;
      parts.log.info({ err: fault, detail: fault.detail }, 'a ticket could not be worked on');
      throw problems.conflict(fault.advice);
    }
  };
};

const emailOf = (principal: Act['principal']): string => ('email' in principal ? principal.email : '');
