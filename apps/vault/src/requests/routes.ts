import type { Sql } from '@gatehouse/database';
import { type App, problems } from '@gatehouse/server';
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import {
  DecisionInput,
  NewestQuery,
  newest,
  RequestInput,
  RequestQuery,
  PasswordRequest as RequestShape,
} from '../api/checkouts.ts';
import { findCredential, wordsOf } from '../credentials/index.ts';
import { globalRightsOf, rightsOn } from '../delegation/index.ts';
import { actingOf, telling } from '../of-person.ts';
import type { VaultParts } from '../parts.ts';
import { Refusal } from '../refusal.ts';
import { askForPassword, toCurrent } from './ask.ts';
import { decideRequest } from './decide.ts';
import type { PasswordRequest } from './model.ts';
import { listRequests } from './store.ts';

const tags = ['password requests'];
const config = { access: 'signed-in' } as const;

/** Requests on the pages, as the identity that is linked with whoever is signed in. */
export const serveRequests = (app: App, parts: VaultParts): void => {
  const { database, clock } = parts;
  const page = async (tx: Sql, where: RawBuilder<unknown>, { cursor, limit }: z.output<typeof NewestQuery>) => {
    const before = sql`(${cursor ?? null}::uuid is null or r.request_id < ${cursor ?? null}::uuid)`;
    const found = await listRequests(tx, sql`${where} and ${before}`, limit + 1);
    const items: z.output<typeof RequestShape>[] = [];
    for (const one of found.slice(0, limit)) items.push(await toShape(tx, toCurrent(one, clock.now())));
    return { items, next: found.length > limit ? (items.at(-1)?.requestId ?? null) : null };
  };
  app.get(
    '/api/my/requests',
    {
      config,
      schema: {
        summary: 'Passwords that you asked for',
        tags,
        querystring: NewestQuery,
        response: { 200: newest(RequestShape) },
      },
    },
    async (request) => {
      const { actor } = await actingOf(parts, request);
      return database.system((tx) => page(tx, sql`r.identity_id = ${actor.identity.identityId}`, request.query));
    },
  );
  app.post(
    '/api/my/requests',
    { config, schema: { summary: 'Ask for a password', tags, body: RequestInput, response: { 201: RequestShape } } },
    async (request, reply) => {
      const { credentialId, purpose, comment, minutes = null, identityId } = request.body;
      const acting = await actingOf(parts, request, identityId);
      if (purpose === 'reveal' && !parts.reveal) throw problems.forbidden('Passwords are not shown on pages here.');
      const made = await telling(
        database.system(async (tx) => {
          const credential = await findCredential(tx, credentialId);
          if (credential === null) throw new Refusal('not_found', 'There is no such credential.');
          const of = { credential, purpose, leaseId: null, comment, minutes };
          return toShape(tx, await askForPassword(tx, parts, acting, of));
        }),
      );
      return reply.code(201).send(made);
    },
  );
  app.get(
    '/api/my/approvals',
    {
      config,
      schema: {
        summary: 'Requests that wait for you',
        tags,
        querystring: NewestQuery,
        response: { 200: newest(RequestShape) },
      },
    },
    async (request) => {
      const { actor } = await actingOf(parts, request);
      return database.system(async (tx) => {
        const global = await globalRightsOf(tx, actor);
        const mine = sql`exists (select from ${rightsOn(actor, global)} g
          where g.credential_id = r.credential_id and g.grant_requests)`;
        const may = global.globalApprover ? sql`(${mine} or r.purpose = 'use')` : mine;
        const waiting = sql`r.state = 'pending' and r.expires_at > ${clock.now()}
          and r.identity_id <> ${actor.identity.identityId} and ${may}`;
        return page(tx, waiting, request.query);
      });
    },
  );
  app.get(
    '/api/requests',
    {
      config: { access: 'system-administrator' },
      schema: {
        ...{ summary: 'Who asked for which password', tags, querystring: RequestQuery },
        response: { 200: newest(RequestShape) },
      },
    },
    ({ query }) => {
      const open = sql`r.state in ('pending', 'granted') and r.expires_at > ${clock.now()}`;
      return database.system((tx) => page(tx, query.state === 'open' ? open : sql`true`, query));
    },
  );
  app.post(
    '/api/requests/:requestId/decision',
    {
      config,
      schema: {
        ...{ summary: 'Grant or deny a request', tags, params: z.object({ requestId: z.uuid() }), body: DecisionInput },
        response: { 200: RequestShape },
      },
    },
    async (request) => {
      const acting = await actingOf(parts, request, request.body.identityId);
      const of = { requestId: request.params.requestId, state: request.body.decision, comment: request.body.comment };
      return telling(database.system(async (tx) => toShape(tx, await decideRequest(tx, parts, acting, of))));
    },
  );
};

const toShape = async (tx: Sql, request: PasswordRequest): Promise<z.output<typeof RequestShape>> => {
  const credential = await findCredential(tx, request.credentialId);
  const { requestId, credentialId, asker, purpose, comment, minutes, state, decidedBy, decision } = request;
  return {
    ...{
      requestId,
      credentialId,
      about: credential ? wordsOf(credential) : '',
      asker,
      purpose,
      comment,
      minutes,
      state,
    },
    ...{ decidedBy, decision, createdAt: request.createdAt.toISOString() },
    ...{ decidedAt: request.decidedAt?.toISOString() ?? null, expiresAt: request.expiresAt.toISOString() },
  };
};
