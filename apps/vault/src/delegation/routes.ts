import { newId } from '@gatehouse/kernel';
import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import {
  Delegation,
  DelegationInput,
  DelegationQuery,
  Impersonation,
  ImpersonationQuery,
  Permission,
  PermissionInput,
} from '../api/delegation.ts';
import { list, SearchQuery } from '../api/words.ts';
import { change, entered } from '../change.ts';
import { findCredential, findSet, wordsOf } from '../credentials/index.ts';
import { findIdentity, isSomebody } from '../identities/index.ts';
import { toMutable } from '../paging.ts';
import type { VaultParts } from '../parts.ts';
import { invalid } from '../problems.ts';
import { findDelegation, listDelegations, listGlobalPermissions, listImpersonationMappings } from './lists.ts';
import { rights as allRights, type Rights, rightTitles } from './model.ts';
import { serveRegistrations } from './registration-routes.ts';
import { deleteDelegation, putDelegation, type Scope, setGlobalPermission, setImpersonation } from './store.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['delegation'];
const OneIdentity = z.object({ identityId: z.uuid() });
const Pair = z.object({ identityId: z.uuid(), targetId: z.uuid() });
const OneDelegation = z.object({ delegationId: z.uuid() });
const changed = { event: 'EVENT_ID_DELEGATION_CHANGED' } as const;

export const serveDelegation = (app: App, parts: VaultParts): void => {
  servePermissions(app, parts);
  serveDelegations(app, parts);
  serveImpersonations(app, parts);
  serveRegistrations(app, parts);
};

const servePermissions = (app: App, parts: VaultParts): void => {
  app.get(
    '/api/permissions',
    {
      config,
      schema: {
        ...{ summary: 'What identities may do everywhere, by name', tags, querystring: SearchQuery },
        response: { 200: list(Permission) },
      },
    },
    async ({ query }) => toMutable(await parts.database.system((tx) => listGlobalPermissions(tx, query))),
  );
  app.put(
    '/api/permissions/:identityId',
    {
      config,
      schema: {
        ...{ summary: 'Say what an identity may do everywhere', tags, params: OneIdentity, body: PermissionInput },
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      await change(parts, request, async (tx, note) => {
        const identity = await findIdentity(tx, params.identityId);
        if (identity === null) throw problems.notFound();
        await setGlobalPermission(tx, params.identityId, body);
        const message = `changed the global permissions of ${identity.name}`;
        note({ ...changed, target: identity.name, message, arguments: body });
      });
      return reply.code(204).send();
    },
  );
  app.delete(
    '/api/permissions/:identityId',
    {
      config,
      schema: {
        ...{ summary: 'Take all global permissions of an identity away', tags, params: OneIdentity },
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      const { identityId } = request.params;
      await change(parts, request, async (tx, note) => {
        const identity = await findIdentity(tx, identityId);
        if (identity === null) throw problems.notFound();
        await setGlobalPermission(tx, identityId, null);
        note({ ...changed, target: identity.name, message: `took the global permissions of ${identity.name} away` });
      });
      return reply.code(204).send();
    },
  );
};

const serveDelegations = (app: App, parts: VaultParts): void => {
  const { database, clock } = parts;
  app.get(
    '/api/delegations',
    {
      config,
      schema: {
        ...{ summary: 'What identities may do with credentials and sets', tags, querystring: DelegationQuery },
        response: { 200: list(Delegation) },
      },
    },
    async ({ query }) => toMutable(await database.system((tx) => listDelegations(tx, query))),
  );
  app.put(
    '/api/delegations',
    {
      config,
      schema: {
        ...{ summary: 'Say what an identity may do with a credential or the systems of a set', tags },
        ...{ body: DelegationInput, response: { 200: Delegation } },
      },
    },
    async (request) => {
      const { identityId, credentialId, setId } = request.body;
      const rights: Rights = { ...none, ...entered(request.body.rights) };
      const at = clock.now();
      const delegationId = newId<string>(at.getTime());
      return change(parts, request, async (tx, note) => {
        const identity = await findIdentity(tx, identityId);
        if (identity === null) throw invalid('identityId', 'There is no such identity.');
        const credential = credentialId === undefined ? null : await findCredential(tx, credentialId);
        const set = setId === undefined ? null : await findSet(tx, setId);
        if (credentialId !== undefined && credential === null)
          throw invalid('credentialId', 'There is no such credential.');
        if (setId !== undefined && set === null) throw invalid('setId', 'There is no such management set.');
        const scope: Scope = setId === undefined ? { credentialId: credentialId ?? '' } : { setId };
        await putDelegation(tx, { delegationId, identityId, scope, rights }, at);
        const words = credential ? wordsOf(credential) : `the management set ${set?.name}`;
        const given = allRights.filter((right) => rights[right]).map((right) => rightTitles[right]);
        const message = `gave ${identity.name} on ${words}: ${given.join(', ')}`;
        note({ ...changed, target: identity.name, message, arguments: { ...rights, on: words } });
        const made = await findDelegation(tx, delegationId);
        if (made === null) throw problems.notFound();
        return made;
      });
    },
  );
  app.delete(
    '/api/delegations/:delegationId',
    { config, schema: { summary: 'Take rights away', tags, params: OneDelegation, response: { 204: z.void() } } },
    async (request, reply) => {
      await change(parts, request, async (tx, note) => {
        const delegation = await findDelegation(tx, request.params.delegationId);
        if (delegation === null) throw problems.notFound();
        await deleteDelegation(tx, delegation.delegationId);
        const message = `took the rights of ${delegation.identity} on ${delegation.scope} away`;
        note({ ...changed, target: delegation.identity, message });
      });
      return reply.code(204).send();
    },
  );
};

const serveImpersonations = (app: App, parts: VaultParts): void => {
  app.get(
    '/api/impersonations',
    {
      config,
      schema: {
        ...{ summary: 'Who may act as whom', tags, querystring: ImpersonationQuery },
        response: { 200: list(Impersonation) },
      },
    },
    async ({ query }) => toMutable(await parts.database.system((tx) => listImpersonationMappings(tx, query))),
  );
  for (const [method, may] of [
    ['PUT', true],
    ['DELETE', false],
  ] as const)
    app.route({
      method,
      url: '/api/impersonations/:identityId/:targetId',
      config,
      schema: {
        summary: may
          ? 'Let an identity act as another, or as whoever has a role'
          : 'Let an identity act as another no more',
        ...{ tags, params: Pair, response: { 204: z.void() } },
      },
      handler: async (request, reply) => {
        const { identityId, targetId } = request.params;
        await change(parts, request, async (tx, note) => {
          const [identity, target] = [await findIdentity(tx, identityId), await findIdentity(tx, targetId)];
          if (identity === null || target === null) throw problems.notFound();
          if (identityId === targetId) throw invalid('targetId', 'An identity acts as itself without a mapping.');
          if (may && !isSomebody(identity) && identity.kind !== 'role')
            throw invalid('identityId', 'Name an identity that signs in, or a role.');
          if (!(await setImpersonation(tx, identityId, targetId, may))) return;
          const message = `let ${identity.name} act as ${target.name}${may ? '' : ' no more'}`;
          note({ ...changed, target: identity.name, message });
        });
        return reply.code(204).send();
      },
    });
};

const none: Rights = {
  ...{ viewAccounts: false, viewPasswords: false, requestPasswords: false },
  ...{ grantRequests: false, remoteSessions: false, spin: false },
};
