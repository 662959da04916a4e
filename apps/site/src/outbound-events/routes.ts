import { newWebhookSecret } from '@gatehouse/host';
import { newId, Secret } from '@gatehouse/kernel';
import { type App, audit, problems } from '@gatehouse/server';
import { z } from 'zod';
import {
  Deliveries,
  DeliveriesQuery,
  OutboundDelivery,
  Replayed,
  ReplayInput,
  SigningSecret,
  TokenInput,
} from '../api/outbound-events.ts';
import {
  type Delivery,
  findRecipient,
  listDeliveries,
  mostReplayed,
  replay,
  saveSealed,
  saveTest,
  toTest,
} from './deliveries.ts';
import type { Outbound } from './open-outbound.ts';
import { placeOf, send } from './send.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['outbound events'];
const path = '/api/outbound-events/recipients/:id';
const params = z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) });

/** What is done to a recipient beside changing it, and what was sent to it. */
export const serveOutbound = (app: App, outbound: Outbound): void => {
  const { parts, wake } = outbound;
  const { database, sealer, clock } = parts;

  app.post(
    `${path}/secret`,
    {
      config,
      schema: {
        ...{ summary: 'Make a new signing secret; it is answered this once', tags, params },
        response: { 200: SigningSecret },
      },
    },
    async ({ act, params: { id } }) => {
      const secret = newWebhookSecret();
      await database.system(async (tx) => {
        const name = await saveSealed(tx, id, 'secret', sealer.seal(secret, placeOf(id, 'secret')));
        if (name === null) throw problems.notFound();
        await audit(tx, act, { action: 'outbound-recipient.secret', target: name });
      });
      return { id, secret: secret.reveal() };
    },
  );
  app.put(
    `${path}/token`,
    {
      config,
      schema: {
        ...{ summary: 'Set the token that is added to the URL, or take it away', tags, params, body: TokenInput },
        response: { 204: z.void() },
      },
    },
    async ({ act, params: { id }, body: { token } }, reply) => {
      await database.system(async (tx) => {
        const sealed = token === null ? null : sealer.seal(new Secret(token), placeOf(id, 'token'));
        const name = await saveSealed(tx, id, 'token', sealed);
        if (name === null) throw problems.notFound();
        const change = { token: token === null ? 'removed' : 'set' };
        await audit(tx, act, { action: 'outbound-recipient.token', target: name, change });
      });
      return reply.code(204).send();
    },
  );
  app.post(
    `${path}/test`,
    {
      config,
      schema: {
        ...{ summary: 'Send a test now, and say what came back', tags, params },
        response: { 200: OutboundDelivery },
      },
    },
    async ({ act, params: { id } }) => {
      const { recipient, parameters } = await database.system(async (tx) => {
        const found = await findRecipient(tx, id);
        if (found === null) throw problems.notFound();
        await audit(tx, act, { action: 'outbound-recipient.test', target: found.name });
        return { recipient: found, parameters: await toTest(tx, clock.now()) };
      });
      const message = { deliveryId: newId<string>(), parameters };
      const outcome = await send(parts, recipient, message, app.closing);
      const sent = await database.system((tx) => saveTest(tx, id, message, outcome, clock.now()));
      if (sent === null) throw problems.notFound();
      return toAnswer(sent);
    },
  );
  app.get(
    `${path}/deliveries`,
    {
      config,
      schema: {
        ...{ summary: 'What was sent to it and what waits, newest first', tags, params, querystring: DeliveriesQuery },
        response: { 200: Deliveries },
      },
    },
    async ({ params: { id }, query: { cursor, limit, search, state = null } }) => {
      const rows = await database.system(async (tx) => {
        if ((await findRecipient(tx, id)) === null) throw problems.notFound();
        const before = cursor === undefined ? null : Number(cursor);
        return await listDeliveries(tx, id, { before, state, search, limit: limit + 1 });
      });
      const shown = rows.slice(0, limit);
      return { items: shown.map(toAnswer), next: rows.length > limit ? String(shown.at(-1)?.place) : null };
    },
  );
  app.post(
    `${path}/deliveries/:deliveryId/replay`,
    {
      config,
      schema: {
        ...{ summary: 'Send one delivery again', tags, params: params.extend({ deliveryId: z.uuid() }) },
        response: { 200: Replayed },
      },
    },
    async ({ act, params: { id, deliveryId } }) => {
      const queued = await database.system(async (tx) => {
        const recipient = await findRecipient(tx, id);
        const count = recipient === null ? 0 : await replay(tx, id, { deliveryId });
        if (recipient === null || count === 0) throw problems.notFound();
        await audit(tx, act, { action: 'outbound-recipient.replay', target: recipient.name, change: { deliveryId } });
        return count;
      });
      wake();
      return { queued };
    },
  );
  app.post(
    `${path}/replay`,
    {
      config,
      schema: {
        ...{ summary: 'Send everything since a time again', tags, params, body: ReplayInput },
        response: { 200: Replayed },
      },
    },
    async ({ act, params: { id }, body: { since } }) => {
      const queued = await database.system(async (tx) => {
        const recipient = await findRecipient(tx, id);
        if (recipient === null) throw problems.notFound();
        const count = await replay(tx, id, { since: new Date(since) });
        if (count > mostReplayed)
          throw problems.conflict(`Those are more than ${mostReplayed} events. Choose a later time.`);
        const change = { since, queued: count };
        await audit(tx, act, { action: 'outbound-recipient.replay', target: recipient.name, change });
        return count;
      });
      wake();
      return { queued };
    },
  );
};

const toAnswer = ({ place: _, at, triedAt, ...delivery }: Delivery): z.input<typeof OutboundDelivery> => ({
  ...delivery,
  at: at.toISOString(),
  triedAt: triedAt?.toISOString() ?? null,
});
