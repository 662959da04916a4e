import { X509Certificate } from 'node:crypto';
import { hostname } from 'node:os';
import type { Sql } from '@gatehouse/database';
import { Fault, newId } from '@gatehouse/kernel';
import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import { ReceiverChange, ReceiverInput, Receiver as ReceiverShape, ReceiverTrial } from '../api/receivers.ts';
import { ListQuery, list } from '../api/words.ts';
import { type KeptEntry, newestSeq } from '../audit/index.ts';
import { authorOf, change, entered, type Sender } from '../change.ts';
import { endOf } from '../end-of.ts';
import type { VaultParts } from '../parts.ts';
import { invalid } from '../problems.ts';
import { lineFor } from './lines.ts';
import type { Way } from './model.ts';
import { sendLines } from './send.ts';
import { deleteReceiver, findReceiver, type ListedReceiver, listReceivers, putReceiver } from './store.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['audit'];
const params = z.object({ receiverId: z.uuid() });
const changed = { event: 'EVENT_ID_CONFIGURATION_CHANGED' } as const;

/** Receivers of syslog that get every entry of the audit. */
export const serveReceivers = (app: App, parts: VaultParts): void => {
  const { database, clock } = parts;
  app.get(
    '/api/audit/receivers',
    {
      config,
      schema: {
        ...{ summary: 'Receivers of the audit, by name, and how they are', tags, querystring: ListQuery },
        response: { 200: list(ReceiverShape) },
      },
    },
    async ({ query }) => {
      const page = await database.system((tx) => listReceivers(tx, query));
      return { ...page, items: page.items.map((one) => toJson(one)) };
    },
  );
  app.post(
    '/api/audit/receivers',
    {
      config,
      schema: {
        ...{ summary: 'Add a receiver of the audit', tags, body: ReceiverInput },
        response: { 201: ReceiverShape },
      },
    },
    async (request, reply) => {
      const { begin, ...body } = request.body;
      refuseOdd(body);
      const at = clock.now();
      const receiverId = newId<string>(at.getTime());
      const made = await change(parts, request, async (tx, note) => {
        const acknowledgedSeq = begin === 'now' ? await newestSeq(tx) : 0;
        await putReceiver(tx, { ...body, ...unheard, receiverId, acknowledgedSeq }, at);
        note({
          ...changed,
          target: body.name,
          message: `added the receiver ${body.name} of the audit (${placeOf(body)})`,
        });
        return getReceiver(tx, receiverId);
      });
      reply.code(201);
      return toJson(made);
    },
  );
  app.post(
    '/api/audit/receivers/try',
    {
      config,
      schema: {
        ...{ summary: 'Send a test message to a receiver that is not kept', tags, body: ReceiverInput },
        response: { 200: ReceiverTrial },
      },
    },
    async (request, reply) => {
      refuseOdd(request.body);
      return trial(parts, request, request.body, endOf(app, reply.raw));
    },
  );
  app.get(
    '/api/audit/receivers/:receiverId',
    { config, schema: { summary: 'A receiver of the audit', tags, params, response: { 200: ReceiverShape } } },
    async ({ params: { receiverId } }) => toJson(await database.system((tx) => getReceiver(tx, receiverId))),
  );
  app.patch(
    '/api/audit/receivers/:receiverId',
    {
      config,
      schema: {
        ...{ summary: 'Change a receiver of the audit; it goes on from the last entry that it has', tags, params },
        ...{ body: ReceiverChange, response: { 200: ReceiverShape } },
      },
    },
    async (request) =>
      change(parts, request, async (tx, note) => {
        const before = await getReceiver(tx, request.params.receiverId);
        const after = { ...before, ...entered(request.body) };
        refuseOdd(after);
        await putReceiver(tx, after, clock.now());
        const { certificateAuthorities: _, ...told } = entered(request.body);
        const message = `changed the receiver ${after.name} of the audit`;
        note({ ...changed, target: after.name, message, arguments: told });
        return toJson(await getReceiver(tx, request.params.receiverId));
      }),
  );
  app.delete(
    '/api/audit/receivers/:receiverId',
    { config, schema: { summary: 'Delete a receiver of the audit', tags, params, response: { 204: z.void() } } },
    async (request, reply) => {
      await change(parts, request, async (tx, note) => {
        const { receiverId, name } = await getReceiver(tx, request.params.receiverId);
        await deleteReceiver(tx, receiverId);
        note({ ...changed, target: name, message: `deleted the receiver ${name} of the audit` });
      });
      return reply.code(204).send();
    },
  );
  app.post(
    '/api/audit/receivers/:receiverId/test',
    {
      config,
      schema: { summary: 'Send a test message to a receiver', tags, params, response: { 200: ReceiverTrial } },
    },
    async (request, reply) => {
      const receiver = await database.system((tx) => getReceiver(tx, request.params.receiverId));
      return trial(parts, request, receiver, endOf(app, reply.raw));
    },
  );
};

const unheard = { acknowledgedAt: null, advice: null, nextAttemptAt: null } as const;

const getReceiver = async (tx: Sql, receiverId: string): Promise<ListedReceiver> => {
  const receiver = await findReceiver(tx, receiverId);
  if (receiver === null) throw problems.notFound();
  return receiver;
};

const placeOf = ({ transport, host, port }: Way) => `${transport}://${host.includes(':') ? `[${host}]` : host}:${port}`;

const refuseOdd = ({ transport, certificateAuthorities: pem }: Way): void => {
  if (pem === null) return;
  if (transport !== 'tls') throw invalid('certificateAuthorities', 'Only TLS has certificates.');
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  const areRight = blocks.every((block) => {
    try {
      return new X509Certificate(block).raw.length > 0;
    } catch {
      return false;
    }
  });
  if (blocks.length === 0 || !areRight)
    throw invalid('certificateAuthorities', 'Enter certificates in PEM form, one below the other.');
};

/** One message that is no entry of the audit: its number is 0. That it was sent is one. */
const trial = async (
  { database, audit, clock }: VaultParts,
  sender: Sender,
  way: Way,
  signal: AbortSignal,
): Promise<z.output<typeof ReceiverTrial>> => {
  const by = authorOf(sender);
  const entry: KeptEntry = {
    ...{ seq: 0, at: clock.now(), event: 'EVENT_ID_RECEIVER_TRIED', eventId: 9_091, succeeded: true },
    ...{ actor: by.name, impersonator: null, address: by.address, through: by.through, target: placeOf(way) },
    ...{ message: `test message of the vault on ${hostname()}`, arguments: {}, correlationId: by.correlationId },
    hash: Buffer.alloc(32),
  };
  const outcome = await sendLines(way, [lineFor(way, entry)], signal).then(
    () => ({ works: true, message: workingWords[way.transport] }),
    (error: unknown) => {
      if (!(error instanceof Fault) || error.kind === 'unexpected') throw error;
      return { works: false, message: error.advice };
    },
  );
  await database.system((tx) =>
    audit.write(tx, by, {
      ...{ event: 'EVENT_ID_RECEIVER_TRIED', target: placeOf(way), succeeded: outcome.works },
      message: `sent a test message to ${placeOf(way)}`,
    }),
  );
  return outcome;
};

const workingWords: Readonly<Record<Way['transport'], string>> = {
  udp: 'Sent. Nobody answers over UDP: look for the test message at the receiver.',
  tcp: 'The receiver took the test message.',
  tls: 'The receiver took the test message over TLS.',
};

const toJson = (receiver: ListedReceiver): z.output<typeof ReceiverShape> => {
  const { acknowledgedAt, nextAttemptAt, attempt, enabled, advice } = receiver;
  return {
    ...receiver,
    health: !enabled ? 'paused' : attempt > 0 ? 'failed' : acknowledgedAt === null ? 'waiting' : 'connected',
    advice: enabled && attempt > 0 ? advice : null,
    acknowledgedAt: acknowledgedAt?.toISOString() ?? null,
    nextAttemptAt: enabled ? (nextAttemptAt?.toISOString() ?? null) : null,
  };
};
