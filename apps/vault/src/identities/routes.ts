import { newId, Secret } from '@gatehouse/kernel';
import { type App, hashPassword, problems, refusePassword } from '@gatehouse/server';
import { z } from 'zod';
import {
  DeleteQuery,
  IdentityChange,
  IdentityInput,
  IdentityQuery,
  Identity as IdentityShape,
  NewIdentity,
  PasswordInput,
  ShownPassword,
  ShownSecondFactor,
} from '../api/identities.ts';
import { list } from '../api/words.ts';
import { change, entered } from '../change.ts';
import { listRightsOf } from '../delegation/index.ts';
import { putSecret } from '../keys/index.ts';
import { toMutable } from '../paging.ts';
import type { VaultParts } from '../parts.ts';
import { defaultPolicy, generatePassword } from '../policies/index.ts';
import { invalid, stillUsed } from '../problems.ts';
import { serveDirectories } from './directory-routes.ts';
import { serveMembers } from './member-routes.ts';
import type { IdentityKind } from './model.ts';
import {
  deleteIdentity,
  dropPassword,
  findIdentity,
  insertIdentity,
  listCheckoutsOf,
  listIdentities,
  placeOfIdentity,
  setSecondFactor,
  updateIdentity,
} from './store.ts';
import { newTotpKey, totpAddress } from './totp.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['identities'];
const params = z.object({ identityId: z.uuid() });
const changed = { event: 'EVENT_ID_CONFIGURATION_CHANGED' } as const;

/** Who rights may be given to. */
export const serveIdentities = (app: App, parts: VaultParts): void => {
  serveKeeping(app, parts);
  servePasswords(app, parts);
  serveSecondFactors(app, parts);
  serveMembers(app, parts);
  serveDirectories(app, parts);
};

const serveKeeping = (app: App, parts: VaultParts): void => {
  const { database, clock } = parts;
  app.get(
    '/api/identities',
    {
      config,
      schema: {
        ...{ summary: 'Identities, by name', tags, querystring: IdentityQuery },
        response: { 200: list(IdentityShape) },
      },
    },
    async ({ query }) => toMutable(await database.system((tx) => listIdentities(tx, query))),
  );
  app.post(
    '/api/identities',
    { config, schema: { summary: 'Add an identity', tags, body: IdentityInput, response: { 201: NewIdentity } } },
    async (request, reply) => {
      const { password, ...body } = request.body;
      refuseName(body.kind, body.name);
      if (password !== null && body.kind !== 'explicit')
        throw invalid('password', 'Only explicit identities have a password here.');
      if (body.personId !== null && !mayBePerson(body.kind))
        throw invalid('personId', 'Nobody signs in with a group or a role.');
      const secret = password && chosen(password, body.name);
      const passwordHash = secret && (await hashPassword(secret.reveal()));
      const at = clock.now();
      const identityId = newId<string>(at.getTime());
      const made = await change(parts, request, async (tx, note) => {
        await insertIdentity(tx, { ...body, identityId, passwordHash }, at);
        const message = `added the identity ${body.name} (${body.kind})`;
        note({ ...changed, target: body.name, message, arguments: { hasPassword: passwordHash !== null } });
        return findIdentity(tx, identityId);
      });
      if (made === null) throw problems.notFound();
      reply.code(201);
      return { ...made, password: password?.from === 'random' && secret ? secret.reveal() : null };
    },
  );
  app.get(
    '/api/identities/:identityId',
    { config, schema: { summary: 'An identity', tags, params, response: { 200: IdentityShape } } },
    async ({ params: { identityId } }) => {
      const identity = await database.system((tx) => findIdentity(tx, identityId));
      if (identity === null) throw problems.notFound();
      return identity;
    },
  );
  app.patch(
    '/api/identities/:identityId',
    {
      config,
      schema: {
        ...{ summary: 'Change an identity, turn it off or on, link it with a person', tags, params },
        ...{ body: IdentityChange, response: { 200: IdentityShape } },
      },
    },
    async (request) => {
      const { identityId } = request.params;
      const { body } = request;
      return change(parts, request, async (tx, note) => {
        const before = await findIdentity(tx, identityId);
        if (before === null) throw problems.notFound();
        if (body.personId && !mayBePerson(before.kind))
          throw invalid('personId', 'Nobody signs in with a group or a role.');
        await updateIdentity(tx, identityId, body);
        const message = `changed the identity ${before.name}`;
        note({ ...changed, target: before.name, message, arguments: entered(body) });
        return { ...before, ...entered(body) };
      });
    },
  );
  app.delete(
    '/api/identities/:identityId',
    {
      config,
      schema: {
        ...{ summary: 'Delete an identity; with force, with the rights that it has', tags, params },
        ...{ querystring: DeleteQuery, response: { 204: z.void() } },
      },
    },
    async (request, reply) => {
      const { identityId } = request.params;
      await change(parts, request, async (tx, note) => {
        const identity = await findIdentity(tx, identityId);
        if (identity === null) throw problems.notFound();
        const rights = request.query.force === 'true' ? [] : await listRightsOf(tx, identityId);
        // A check-out ends by a check-in alone: nobody would know any more that the password was out.
        const uses = [...(await listCheckoutsOf(tx, identityId)), ...rights];
        if (uses.length > 0) throw stillUsed(`The identity ${identity.name}`, uses);
        await deleteIdentity(tx, identityId);
        note({ ...changed, target: identity.name, message: `deleted the identity ${identity.name}` });
      });
      return reply.code(204).send();
    },
  );
};

const servePasswords = (app: App, parts: VaultParts): void => {
  app.put(
    '/api/identities/:identityId/password',
    {
      config,
      schema: {
        ...{ summary: 'Give an explicit identity a password; one that is made is shown this once', tags, params },
        ...{ body: PasswordInput, response: { 200: ShownPassword } },
      },
    },
    async (request) => {
      const { identityId } = request.params;
      const { from } = request.body;
      const known = await parts.database.system((tx) => findIdentity(tx, identityId));
      if (known === null) throw problems.notFound();
      if (known.kind !== 'explicit') throw problems.conflict('Only explicit identities have a password here.');
      const secret = chosen(request.body, known.name);
      const passwordHash = await hashPassword(secret.reveal());
      await change(parts, request, async (tx, note) => {
        await updateIdentity(tx, identityId, { passwordHash });
        const message = `gave the identity ${known.name} a new password`;
        note({ ...changed, target: known.name, message, arguments: { from } });
      });
      return { password: from === 'random' ? secret.reveal() : null };
    },
  );
  app.delete(
    '/api/identities/:identityId/password',
    {
      config,
      schema: { summary: 'Take the password of an identity away', tags, params, response: { 204: z.void() } },
    },
    async (request, reply) => {
      await change(parts, request, async (tx, note) => {
        const identity = await findIdentity(tx, request.params.identityId);
        if (identity === null) throw problems.notFound();
        await dropPassword(tx, identity.identityId);
        note({ ...changed, target: identity.name, message: `took the password of ${identity.name} away` });
      });
      return reply.code(204).send();
    },
  );
};

const serveSecondFactors = (app: App, parts: VaultParts): void => {
  const { envelope, clock } = parts;
  const path = '/api/identities/:identityId/second-factor';
  app.put(
    path,
    {
      config,
      schema: {
        ...{ summary: 'Let an explicit identity log in with a code beside its password; the key is shown this once' },
        ...{ tags, params, response: { 200: ShownSecondFactor } },
      },
    },
    async (request, reply) => {
      const { identityId } = request.params;
      const address = await change(parts, request, async (tx, note) => {
        const identity = await findIdentity(tx, identityId);
        if (identity === null) throw problems.notFound();
        if (identity.kind !== 'explicit') throw problems.conflict('Only explicit identities have a password here.');
        const key = newTotpKey();
        const secretId = await putSecret(tx, envelope, {
          secret: key,
          place: placeOfIdentity(identityId),
          at: clock.now(),
        });
        await setSecondFactor(tx, identityId, secretId);
        note({ ...changed, target: identity.name, message: `gave ${identity.name} a second factor` });
        return totpAddress(key, identity.name);
      });
      reply.header('cache-control', 'no-store');
      return { address: address.reveal() };
    },
  );
  app.delete(
    path,
    {
      config,
      schema: { summary: 'Take the second factor of an identity away', tags, params, response: { 204: z.void() } },
    },
    async (request, reply) => {
      await change(parts, request, async (tx, note) => {
        const identity = await findIdentity(tx, request.params.identityId);
        if (identity === null) throw problems.notFound();
        await setSecondFactor(tx, identity.identityId, null);
        note({ ...changed, target: identity.name, message: `took the second factor of ${identity.name} away` });
      });
      return reply.code(204).send();
    },
  );
};

/** What was entered, where the rules for passwords of people allow it, or one that the vault makes. */
const chosen = (input: z.output<typeof PasswordInput>, name: string): Secret => {
  if (input.from === 'random') return generatePassword(defaultPolicy, { accountName: name });
  const errors = refusePassword('password', input.value, { email: name, name });
  if (errors.length > 0) throw problems.invalid(errors);
  return new Secret(input.value);
};

const mayBePerson = (kind: IdentityKind) => kind !== 'domain_group' && kind !== 'role';

const refuseName = (kind: IdentityKind, name: string): void => {
  const isOfDomain = kind === 'domain_user' || kind === 'domain_group';
  if (isOfDomain && !/^[^\\]{1,15}\\[^\\]+$/.test(name))
    throw invalid('name', 'Write the name with its domain: NS\\sarcher.');
  if ((kind === 'explicit' || kind === 'role') && name.includes('\\'))
    throw invalid('name', 'A name with a backslash is one of a domain.');
};
