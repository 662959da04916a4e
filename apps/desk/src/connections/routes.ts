import { randomUUID } from 'node:crypto';
import { checkDesk, type Desk } from '@gatehouse/desk-kit';
import { desks } from '@gatehouse/desks';
import { describe } from '@gatehouse/fields';
import { createHost } from '@gatehouse/host';
import { type App, audit, hashToken, newToken, problems } from '@gatehouse/server';
import { z } from 'zod';
import {
  ConnectionAnswer,
  ConnectionChange,
  ConnectionId,
  ConnectionInput,
  ConnectionList,
  ConnectionTestInput,
  DeskList,
  MailPreview,
  MailPreviewInput,
  NewConnection,
  NewConnectionTestInput,
  NewSecret,
  OwnConnections,
  SetUpAnswer,
} from '../api/connections.ts';
import { TestAnswer } from '../api/sites.ts';
import type { DeskParts } from '../parts.ts';
import { only, permit } from '../people/index.ts';
import {
  renderInvitation,
  sampleValues,
  sampleWords,
  wrongInvitation,
  wrongPattern,
  wrongTemplate,
} from '../report/index.ts';
import { findSite } from '../sites/index.ts';
import { findDesk } from './client.ts';
import { countDead } from './dead.ts';
import { acceptSettings, openSettings, type Settings, sealSettings, showSettings } from './settings.ts';
import {
  type Connection,
  deleteConnection,
  findConnection,
  listConnections,
  saveConnection,
  saveSecret,
} from './store.ts';

const config = { access: 'signed-in' } as const;
const tags = ['connections'];
const One = z.object({ connectionId: ConnectionId });

/** Desks that this program works for, and everything that is set about each. */
export const serveConnections = (app: App, parts: DeskParts): void => {
  const { database, clock, sealer } = parts;
  const managers = { config, onRequest: only(database, 'manager') } as const;
  const eventsUrl = (secret: string) => `${parts.baseUrl()}/extension/connect/events?KB=${secret}`;

  app.get(
    '/api/desks',
    { ...managers, schema: { summary: 'Adapters', tags, response: { 200: DeskList } } },
    async () => ({
      items: desks.map(({ id, name, summary, config: schema, guide, setUp }) => ({
        ...{ id, name, summary, schema: { ...describe(schema) } },
        guide: guide.map(({ title, lines }) => ({ title, lines: [...lines] })),
        hasSetUp: setUp !== undefined,
      })),
      next: null,
    }),
  );
  app.get(
    '/api/own-connections',
    {
      config,
      schema: { summary: 'Connections to this desk itself', tags, response: { 200: OwnConnections } },
    },
    async (request) => {
      await permit(database, request, 'technician');
      const all = await database.system(listConnections);
      const own = all.filter(({ desk, enabled }) => desk === 'builtin' && enabled);
      return { items: own.map(({ connectionId, name }) => ({ connectionId, name })) };
    },
  );
  app.post(
    '/api/mail-templates/preview',
    {
      ...managers,
      schema: {
        ...{ summary: 'What comes of mail templates', tags, body: MailPreviewInput },
        response: { 200: MailPreview },
      },
    },
    async ({ body }) => renderInvitation(body, sampleValues, sampleWords),
  );
  app.get(
    '/api/connections',
    { ...managers, schema: { summary: 'Connections to desks', tags, response: { 200: ConnectionList } } },
    async () => {
      const all = await database.system(listConnections);
      return { items: await Promise.all(all.map(toAnswer)), next: null };
    },
  );
  app.post(
    '/api/connections',
    {
      ...managers,
      schema: { summary: 'Add a connection', tags, body: ConnectionInput, response: { 201: NewConnection } },
    },
    async ({ act, body }, reply) => {
      const connectionId = randomUUID();
      const secret = newToken('');
      const { settings, ...rest } = body;
      await save(act, { ...rest, connectionId, settings }, null, hashToken(secret.reveal()));
      return reply
        .code(201)
        .send({ ...(await toAnswer(await require(connectionId))), eventsUrl: eventsUrl(secret.reveal()) });
    },
  );
  app.get(
    '/api/connections/:connectionId',
    { ...managers, schema: { summary: 'A connection', tags, params: One, response: { 200: ConnectionAnswer } } },
    async ({ params: { connectionId } }) => toAnswer(await require(connectionId)),
  );
  app.patch(
    '/api/connections/:connectionId',
    {
      ...managers,
      schema: {
        ...{ summary: 'Change a connection', tags, params: One, body: ConnectionChange },
        response: { 200: ConnectionAnswer },
      },
    },
    async ({ act, params: { connectionId }, body }) => {
      const before = await require(connectionId);
      const { sealedSettings: _, site: _site, createdAt: _at, ...kept } = before;
      const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      await save(act, { ...kept, settings: body.settings ?? null, ...given }, before, Buffer.alloc(0));
      return toAnswer(await require(connectionId));
    },
  );
  app.delete(
    '/api/connections/:connectionId',
    {
      ...managers,
      schema: { summary: 'Remove a connection and its sessions', tags, params: One, response: { 204: z.void() } },
    },
    async ({ act, params: { connectionId } }, reply) => {
      const { name } = await require(connectionId);
      await database.system(async (tx) => {
        await deleteConnection(tx, connectionId);
        await audit(tx, act, { action: 'connection.remove', target: name });
      });
      return reply.code(204).send();
    },
  );
  app.post(
    '/api/connections/:connectionId/secret',
    {
      ...managers,
      schema: {
        summary: 'Make a new address for events; the old one ends',
        tags,
        params: One,
        response: { 200: NewSecret },
      },
    },
    async ({ act, params: { connectionId } }) => {
      const { name } = await require(connectionId);
      const secret = newToken('');
      await database.system(async (tx) => {
        await saveSecret(tx, connectionId, hashToken(secret.reveal()));
        await audit(tx, act, { action: 'connection.secret', target: name });
      });
      return { eventsUrl: eventsUrl(secret.reveal()) };
    },
  );
  app.post(
    '/api/connections/test',
    {
      ...managers,
      schema: {
        ...{ summary: 'Try a desk before it is connected', tags, body: NewConnectionTestInput },
        response: { 200: TestAnswer },
      },
    },
    async ({ body }) => {
      const desk = findDesk(body.desk);
      if (desk === null) throw problems.invalid([{ field: 'desk', message: 'There is no such adapter.' }]);
      return tryDesk(desk, acceptSettings(desk.config, body.settings, null));
    },
  );
  app.post(
    '/api/connections/:connectionId/test',
    {
      ...managers,
      schema: {
        ...{ summary: 'Try the desk, step by step', tags, params: One, body: ConnectionTestInput },
        response: { 200: TestAnswer },
      },
    },
    async ({ params: { connectionId }, body }) => {
      const connection = await require(connectionId);
      const desk = findDesk(connection.desk);
      if (desk === null) throw problems.notFound();
      const saved = openSettings(sealer, connection);
      return tryDesk(desk, body?.settings === undefined ? saved : acceptSettings(desk.config, body.settings, saved));
    },
  );
  app.get(
    '/api/connections/:connectionId/set-up',
    {
      ...managers,
      schema: { summary: 'What is run on the desk once', tags, params: One, response: { 200: SetUpAnswer } },
    },
    async ({ act, params: { connectionId } }) => {
      const connection = await require(connectionId);
      const desk = findDesk(connection.desk);
      if (desk?.setUp === undefined) throw problems.notFound();
      const settings = desk.config.parse(openSettings(sealer, connection));
      const startUrl = `${parts.baseUrl()}/start/${connectionId}/{ticket}`;
      const webhookUrl = `${parts.baseUrl()}/extension/connect/changes/${connectionId}`;
      // Its own schema made them.
      const { fileName, text, commands } = await desk.setUp(settings as never, { webhookUrl, startUrl });
      // It may hold a secret.
      await database.system((tx) => audit(tx, act, { action: 'connection.set-up', target: connection.name }));
      return { fileName, text, commands: [...commands] };
    },
  );

  const tryDesk = async (desk: Desk, settings: Settings): Promise<z.output<typeof TestAnswer>> => {
    const host = createHost({
      signal: AbortSignal.timeout(120_000),
      clock,
      attempts: 2,
      retryMs: 5_000,
      answerMs: 30_000,
    });
    const steps: z.output<typeof TestAnswer>['steps'] = [];
    for await (const step of checkDesk({ desk, settings, host })) {
      if (step.fault !== null)
        parts.log.info({ err: step.fault, detail: step.fault.detail }, 'a desk was tried and failed');
      steps.push({ id: step.id, name: step.name, ok: step.ok, sentence: step.sentence });
    }
    return { ok: steps.every(({ ok }) => ok !== false), steps };
  };
  const require = async (connectionId: string): Promise<Connection> => {
    const found = await database.system((tx) => findConnection(tx, connectionId));
    if (found === null) throw problems.notFound();
    return found;
  };
  type Act = Parameters<typeof audit>[1];
  const save = async (
    act: Act,
    given: Omit<Connection, 'site' | 'createdAt' | 'sealedSettings'> & {
      readonly settings: Readonly<Record<string, unknown>> | null;
    },
    before: Connection | null,
    secretHash: Buffer,
  ): Promise<void> => {
    const { settings, ...rest } = given;
    const desk = findDesk(given.desk);
    if (desk === null) throw problems.invalid([{ field: 'desk', message: 'There is no such adapter.' }]);
    requireUsable(given);
    const previous = before === null ? null : openSettings(sealer, before);
    const accepted =
      settings === null && previous !== null ? previous : acceptSettings(desk.config, settings ?? {}, previous);
    await database.system(async (tx) => {
      if ((await findSite(tx, given.siteId)) === null)
        throw problems.invalid([{ field: 'siteId', message: 'There is no such site.' }]);
      const others = (await listConnections(tx)).filter((one) => one.connectionId !== given.connectionId);
      if (others.some((one) => one.name.toLowerCase() === given.name.toLowerCase()))
        throw problems.invalid([{ field: 'name', message: 'There is a connection with this name already.' }]);
      const sealedSettings = sealSettings(sealer, given.connectionId, accepted);
      await saveConnection(tx, { ...rest, sealedSettings }, { secretHash, at: clock.now() });
      const change = {
        desk: given.desk,
        senders: [...given.senders],
        unstarted: given.unstarted,
        enabled: given.enabled,
      };
      await audit(tx, act, {
        action: before === null ? 'connection.add' : 'connection.change',
        target: given.name,
        change,
      });
    });
  };
  const toAnswer = async ({ sealedSettings, createdAt, ...one }: Connection) => {
    const desk = findDesk(one.desk);
    const settings = openSettings(sealer, { connectionId: one.connectionId, sealedSettings });
    return {
      ...one,
      settings: desk === null ? {} : { ...showSettings(desk.config, settings) },
      createdAt: createdAt.toISOString(),
      ...(await database.system((tx) => countDead(tx, one.connectionId))),
    };
  };
};

const requireUsable = ({
  template,
  redact,
  ...mail
}: Pick<Connection, 'template' | 'redact' | 'mailSubject' | 'mailTemplate'>): void => {
  const ofTemplate = wrongTemplate(template);
  const errors = [
    ...(ofTemplate === null ? [] : [{ field: 'template', message: ofTemplate }]),
    ...(['mailSubject', 'mailTemplate'] as const).flatMap((field) => {
      const message = wrongInvitation(mail[field]);
      return message === null ? [] : [{ field, message }];
    }),
    ...redact.flatMap((pattern, at) => {
      const message = wrongPattern(pattern);
      return message === null ? [] : [{ field: `redact.${at}`, message: `Line ${at + 1}: ${message}` }];
    }),
  ];
  if (errors.length > 0) throw problems.invalid(errors);
};
