import type { Database, Sql } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import { Decision, IdentityDetail, MergeInput, SplitInput } from '../api/identities.ts';
import { ListQuery, list } from '../api/words.ts';
import { parsePlace, writePlace } from '../paging.ts';
import { answerSuggestion, merge, split, undo } from './decide.ts';
import { findIdentity } from './find-identity.ts';
import { serveIdentityHistory } from './history.ts';
import { countDecisions, findDecision, listDecisions } from './list-decisions.ts';

export interface IdentityRouteParts {
  readonly database: Database;
  readonly clock: Clock;
}

const tags = ['identities'];
const reader = { access: { tenant: 'reader' } } as const;
const analyst = { access: { tenant: 'analyst' } } as const;
const InTenant = z.object({ tenantId: z.uuid() });
const DecisionQuery = ListQuery.extend({
  identity: z.uuid().optional().describe('Only those that name an account of this identity.'),
});
const OneSuggestion = InTenant.extend({ suggestionId: z.uuid() });

export const registerIdentityRoutes = (app: App, { database, clock }: IdentityRouteParts): void => {
  app.get(
    '/api/tenants/:tenantId/identities/:identityId',
    {
      config: reader,
      schema: {
        summary: 'An identity: its accounts, why they are one, and what may belong to it',
        tags,
        params: InTenant.extend({ identityId: z.uuid() }),
        response: { 200: IdentityDetail },
      },
    },
    async ({ grant, params: { identityId } }) => {
      const identity = await database.tenant(grant.tenantId, (tx) => findIdentity(tx, identityId));
      if (!identity) throw problems.notFound();
      return identity;
    },
  );

  serveIdentityHistory(app, { database });

  app.post(
    '/api/tenants/:tenantId/identities/merge',
    {
      config: analyst,
      schema: {
        summary: 'Make one identity of several',
        tags,
        params: InTenant,
        body: MergeInput,
        response: { 200: Decision },
      },
    },
    ({ grant, body }) =>
      database.tenant(grant.tenantId, async (tx) => getDecision(tx, await merge(tx, grant, body, clock.now()))),
  );

  app.post(
    '/api/tenants/:tenantId/identities/split',
    {
      config: analyst,
      schema: {
        summary: 'Take accounts out of an identity',
        tags,
        params: InTenant,
        body: SplitInput,
        response: { 200: Decision },
      },
    },
    ({ grant, body }) =>
      database.tenant(grant.tenantId, async (tx) => getDecision(tx, await split(tx, grant, body, clock.now()))),
  );

  app.get(
    '/api/tenants/:tenantId/identities/decisions',
    {
      config: reader,
      schema: {
        ...{ summary: 'Merges and splits by people, newest first', tags, params: InTenant },
        querystring: DecisionQuery,
        response: { 200: list(Decision) },
      },
    },
    async ({ grant, query }) => {
      const identityId = query.identity ?? null;
      const asked = `decisions ${grant.tenantId} ${identityId ?? ''}`;
      const before = parsePlace(query.cursor, asked);
      return await database.tenant(grant.tenantId, async (tx) => {
        const rows = await listDecisions(tx, { identityId, before, limit: query.limit + 1 });
        const items = rows.slice(0, query.limit);
        return {
          items: [...items],
          next: rows.length > items.length ? writePlace(items.at(-1)?.decisionId, asked) : null,
          total: { value: await countDecisions(tx, identityId), exact: true },
        };
      });
    },
  );

  app.post(
    '/api/tenants/:tenantId/identities/decisions/:decisionId/undo',
    {
      config: analyst,
      schema: {
        ...{ summary: 'Take a merge or split back', tags, params: InTenant.extend({ decisionId: z.uuid() }) },
        response: { 200: Decision },
      },
    },
    ({ grant, params: { decisionId } }) =>
      database.tenant(grant.tenantId, async (tx) => {
        await undo(tx, grant, decisionId, clock.now());
        return await getDecision(tx, decisionId);
      }),
  );

  for (const [verb, answer, summary] of [
    ['accept', 'accepted', 'Merge the two identities of a suggestion'],
    ['reject', 'rejected', 'Say that a suggestion is wrong; it is not made again'],
  ] as const) {
    app.post(
      `/api/tenants/:tenantId/identities/suggestions/:suggestionId/${verb}`,
      { config: analyst, schema: { summary, tags, params: OneSuggestion, response: { 204: z.null() } } },
      async ({ grant, params: { suggestionId } }, reply) => {
        await database.tenant(grant.tenantId, (tx) => answerSuggestion(tx, grant, suggestionId, answer, clock.now()));
        reply.code(204);
        return null;
      },
    );
  }
};

const getDecision = async (tx: Sql, decisionId: string) => {
  const decision = await findDecision(tx, decisionId);
  if (!decision) throw problems.notFound();
  return decision;
};
