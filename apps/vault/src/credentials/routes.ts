import { newId } from '@gatehouse/kernel';
import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import {
  CredentialChange,
  CredentialInput,
  CredentialQuery,
  Credential as CredentialShape,
  MyCredential,
  SecretInput,
} from '../api/credentials.ts';
import { list, SearchQuery } from '../api/words.ts';
import { change, entered } from '../change.ts';
import type { VaultParts } from '../parts.ts';
import { invalid, stillUsed } from '../problems.ts';
import { actorOfPerson } from '../sign-in/index.ts';
import { toCredential, toShown } from './answers.ts';
import { findListedCredential, listCredentials, listSeenBy } from './list.ts';
import { namespaceOf, typesOf, wordsOf } from './model.ts';
import { storeEntered } from './secrets.ts';
import { serveSets } from './set-routes.ts';
import { findCredential, findSystem, lockCredential } from './store.ts';
import { serveSystems } from './system-routes.ts';
import { serveTransfers } from './transfer-routes.ts';
import { deleteCredential, insertCredential, listUsesOfCredential, updateCredential } from './write.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['credentials'];
const params = z.object({ credentialId: z.uuid() });

export const serveCredentials = (app: App, parts: VaultParts): void => {
  serveSystems(app, parts);
  serveSets(app, parts);
  serveTransfers(app, parts);
  serveReading(app, parts);
  serveChanges(app, parts);
};

const serveReading = (app: App, parts: VaultParts): void => {
  const { database } = parts;
  app.get(
    '/api/credentials',
    {
      config,
      schema: {
        ...{ summary: 'Accounts whose secrets the vault keeps, by system and name', tags },
        ...{ querystring: CredentialQuery, response: { 200: list(CredentialShape) } },
      },
    },
    async ({ query }) => {
      const page = await database.system((tx) => listCredentials(tx, query));
      return { ...page, items: page.items.map(toCredential) };
    },
  );
  app.get(
    '/api/my/credentials',
    {
      config: { access: 'signed-in' },
      schema: {
        ...{ summary: 'Accounts that your identity may see, and what you may do with them', tags },
        ...{ querystring: SearchQuery, response: { 200: list(MyCredential) } },
      },
    },
    async ({ principal, query }) => {
      const actor = await actorOfPerson(parts, principal);
      if (actor === null) return { items: [], next: null, total: { value: 0, exact: true } };
      const page = await database.system((tx) => listSeenBy(tx, actor, query));
      return {
        ...page,
        items: page.items.map((one) => {
          const { viewPasswords, requestPasswords, grantRequests, remoteSessions, spin } = one;
          return {
            ...toShown(one),
            rights: { viewPasswords, requestPasswords, grantRequests, remoteSessions, spin },
          };
        }),
      };
    },
  );
  app.get(
    '/api/credentials/:credentialId',
    { config, schema: { summary: 'A credential', tags, params, response: { 200: CredentialShape } } },
    async ({ params: { credentialId } }) =>
      toCredential(await database.system((tx) => findListedCredential(tx, credentialId))),
  );
};

const serveChanges = (app: App, parts: VaultParts): void => {
  const { clock, envelope } = parts;
  app.post(
    '/api/credentials',
    {
      config,
      schema: { summary: 'Add a credential', tags, body: CredentialInput, response: { 201: CredentialShape } },
    },
    async (request, reply) => {
      const { secret, ...body } = request.body;
      const at = clock.now();
      const made = await change(parts, request, async (tx, note) => {
        const system = await findSystem(tx, body.systemId);
        if (system === null) throw invalid('systemId', 'There is no such system.');
        const types = typesOf[system.kind];
        const { type = types[0], namespace = namespaceOf(system) } = body;
        if (!types.includes(type)) throw invalid('type', `A system of this kind has ${types.join(' or ')}.`);
        const row = { ...body, credentialId: newId<string>(at.getTime()), namespace, type };
        const words = wordsOf({ ...row, systemName: system.name });
        await insertCredential(tx, row, at);
        note({ ...configured, target: words, message: `added the credential ${words}` });
        if (secret !== null) {
          await storeEntered(tx, envelope, row, secret, at);
          note(stored(words, secret.from));
        }
        return findListedCredential(tx, row.credentialId);
      });
      reply.code(201);
      return toCredential(made);
    },
  );
  app.patch(
    '/api/credentials/:credentialId',
    {
      config,
      schema: {
        ...{ summary: 'Change a credential, but not its secret', tags, params, body: CredentialChange },
        response: { 200: CredentialShape },
      },
    },
    async (request) => {
      const { credentialId } = request.params;
      return change(parts, request, async (tx, note) => {
        const before = await findCredential(tx, credentialId);
        if (before === null) throw problems.notFound();
        await updateCredential(tx, { ...before, ...entered(request.body) });
        const message = `changed the credential ${wordsOf(before)}`;
        note({ ...configured, target: wordsOf(before), message, arguments: entered(request.body) });
        return toCredential(await findListedCredential(tx, credentialId));
      });
    },
  );
  app.put(
    '/api/credentials/:credentialId/secret',
    {
      config,
      schema: {
        ...{ summary: 'Store a new secret of a credential', tags, params, body: SecretInput },
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      const { credentialId } = request.params;
      await change(parts, request, async (tx, note) => {
        await lockCredential(tx, credentialId);
        const credential = await findCredential(tx, credentialId);
        if (credential === null) throw problems.notFound();
        await storeEntered(tx, envelope, credential, request.body, clock.now());
        note(stored(wordsOf(credential), request.body.from));
      });
      return reply.code(204).send();
    },
  );
  app.delete(
    '/api/credentials/:credentialId',
    {
      config,
      schema: {
        ...{ summary: 'Delete a credential with every secret it had', tags, params },
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      const { credentialId } = request.params;
      await change(parts, request, async (tx, note) => {
        await lockCredential(tx, credentialId);
        const credential = await findCredential(tx, credentialId);
        if (credential === null) throw problems.notFound();
        const uses = await listUsesOfCredential(tx, credentialId);
        const words = wordsOf(credential);
        if (uses.length > 0) throw stillUsed(`The credential ${words}`, uses);
        await deleteCredential(tx, credentialId);
        note({ ...configured, target: words, message: `deleted the credential ${words}` });
      });
      return reply.code(204).send();
    },
  );
};

const configured = { event: 'EVENT_ID_CONFIGURATION_CHANGED' } as const;

const stored = (target: string, from: 'entered' | 'random') => ({
  ...{ event: 'EVENT_ID_PASSWORD_STORED' as const, target, message: `stored a password for ${target}` },
  arguments: { from },
});
