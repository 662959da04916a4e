import { Readable } from 'node:stream';
import type { Sql } from '@gatehouse/database';
import { Secret } from '@gatehouse/kernel';
import { problems, type Server, sealFile } from '@gatehouse/server';
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import {
  CheckoutInput,
  CheckoutQuery,
  Checkout as CheckoutShape,
  MyEntry,
  MyEntryQuery,
  newest,
  Reveal,
  Revealed,
  SealedCheckout,
} from '../api/checkouts.ts';
import { list } from '../api/words.ts';
import { authorOf, type Sender } from '../change.ts';
import { findCredential } from '../credentials/index.ts';
import { globalRightsOf } from '../delegation/index.ts';
import { actingOf, telling } from '../of-person.ts';
import { toMutable } from '../paging.ts';
import type { VaultParts } from '../parts.ts';
import { actorOfPerson } from '../sign-in/index.ts';
import { endCheckout } from './check-in.ts';
import { checkOut } from './check-out.ts';
import { findEntry, listMyEntries } from './entries.ts';
import type { Checkout, EndedBy, Rotation, Subject } from './model.ts';
import { readOpen, reveal } from './reveal.ts';
import { findCheckout, listCheckouts } from './store.ts';
import { nothingThere } from './subject.ts';

const tags = ['check-outs'];
const signedIn = { access: 'signed-in' } as const;
const params = z.object({ checkoutId: z.uuid() });

/** Check-outs on the pages: one's own, as the identity that is linked with whoever is signed in, and everybody's. */
export const serveCheckouts = (server: Server, parts: VaultParts, rotation: Rotation | null): void => {
  const { app } = server;
  const { database } = parts;
  app.get(
    '/api/my/checkouts',
    {
      config: signedIn,
      schema: {
        ...{ summary: 'What your identity has checked out', tags, querystring: CheckoutQuery },
        response: { 200: newest(CheckoutShape) },
      },
    },
    async (request) => {
      const { actor } = await actingOf(parts, request);
      const mine = sql`o.identity_id = ${actor.identity.identityId}`;
      return database.system((tx) => page(tx, mine, request.query));
    },
  );
  app.post(
    '/api/my/checkouts',
    {
      config: signedIn,
      schema: { summary: 'Check a password out', tags, body: CheckoutInput, response: { 201: CheckoutShape } },
    },
    async (request, reply) => {
      const { comment, minutes = null, identityId } = request.body;
      const acting = await actingOf(parts, request, identityId);
      const made = await telling(
        database.system(async (tx) => {
          const subject = await subjectOf(tx, request.body);
          const { checkout } = await checkOut(tx, parts, acting, { subject, comment, minutes, leaseId: null });
          return toShape(tx, checkout);
        }),
      );
      return reply.code(201).send(made);
    },
  );
  app.get(
    '/api/my/entries',
    {
      config: signedIn,
      schema: {
        ...{ summary: 'Accounts of shared lists that your identity may check out', tags, querystring: MyEntryQuery },
        response: { 200: list(MyEntry) },
      },
    },
    async ({ principal, query }) => {
      const actor = await actorOfPerson(parts, principal);
      if (actor === null) return { items: [], next: null, total: { value: 0, exact: true } };
      return database.system(async (tx) =>
        toMutable(await listMyEntries(tx, actor, await globalRightsOf(tx, actor), query)),
      );
    },
  );
  const end = async (request: Sender, checkoutId: string, endedBy: EndedBy, holder: string | null) => {
    const ended = await database.system(async (tx) => {
      const found = await findCheckout(tx, checkoutId);
      if (found === null || (holder !== null && found.identityId !== holder)) return null;
      const done = await endCheckout(tx, parts, rotation, { checkoutId, endedBy, by: authorOf(request) });
      return done && toShape(tx, done.checkout);
    });
    if (ended === null) throw problems.notFound();
    return ended;
  };
  app.post(
    '/api/my/checkouts/:checkoutId/check-in',
    { config: signedIn, schema: { summary: 'Check a password in', tags, params, response: { 200: CheckoutShape } } },
    async (request) => {
      const { actor } = await actingOf(parts, request);
      return end(request, request.params.checkoutId, 'check-in', actor.identity.identityId);
    },
  );
  app.post(
    '/api/my/checkouts/:checkoutId/reveal',
    {
      config: signedIn,
      schema: {
        ...{ summary: 'See a password that you have checked out', tags, params, body: Reveal },
        description:
          'Off until an administrator switches it on. Takes a code of your app, and a request that another person granted.',
        response: { 200: Revealed },
      },
    },
    async (request, reply) => {
      if (!parts.reveal)
        throw problems.forbidden('Passwords are not shown on pages here. It can be switched on with --reveal.');
      const acting = await actingOf(parts, request);
      const { checkoutId } = request.params;
      await telling(database.system((tx) => reveal(tx, parts, acting, { checkoutId, use: false })));
      await server.proveSecondFactor(request, request.body.code);
      const secret = await telling(database.system((tx) => reveal(tx, parts, acting, { checkoutId, use: true })));
      if (secret === null) throw problems.notFound();
      return reply.header('cache-control', 'no-store').send({ password: secret.reveal() });
    },
  );
  app.get(
    '/api/checkouts',
    {
      config: { access: 'system-administrator' },
      schema: {
        ...{ summary: 'Who has what checked out', tags, querystring: CheckoutQuery },
        response: { 200: newest(CheckoutShape) },
      },
    },
    ({ query }) => database.system((tx) => page(tx, sql`true`, query)),
  );
  app.post(
    '/api/checkouts/:checkoutId/check-in',
    {
      config: { access: 'system-administrator' },
      schema: { summary: 'End a check-out of anybody', tags, params, response: { 200: CheckoutShape } },
    },
    (request) => end(request, request.params.checkoutId, 'administrator', null),
  );
  app.post(
    '/api/checkouts/:checkoutId/sealed',
    {
      config: { access: 'system-administrator' },
      schema: { summary: 'The password of a check-out, sealed to a passphrase', tags, params, body: SealedCheckout },
    },
    async (request, reply) => {
      // As with an export: whoever may use the command line of this machine can read its master key as well.
      if (!parts.reveal) throw problems.forbidden('This vault shows no passwords. Its setting --reveal allows it.');
      if (request.principal.kind !== 'operator')
        throw problems.forbidden('Passwords are sealed on the command line of the vault’s own machine alone.');
      const { checkoutId } = request.params;
      const secret = await telling(database.system((tx) => readOpen(tx, parts, authorOf(request), checkoutId)));
      const lines = sealFile(new Secret(request.body.passphrase), oneLine(secret));
      return reply
        .type('text/plain; charset=utf-8')
        .header('content-disposition', 'attachment; filename="password.sealed"')
        .header('cache-control', 'no-store')
        .send(Readable.from(lines));
    },
  );
};

async function* oneLine(secret: Secret): AsyncGenerator<string> {
  yield `${secret.reveal()}\n`;
}

/** What is named. Whether the identity may have it is looked at when it is checked out. */
const subjectOf = async (
  tx: Sql,
  { credentialId, entryId }: Pick<z.output<typeof CheckoutInput>, 'credentialId' | 'entryId'>,
): Promise<Subject> => {
  const credential = credentialId === undefined ? null : await findCredential(tx, credentialId);
  if (credential) return { kind: 'stored', credential };
  const entry = entryId === undefined ? null : await findEntry(tx, entryId);
  if (entry) return { kind: 'shared', entry };
  throw nothingThere();
};

const page = async (
  tx: Sql,
  whose: RawBuilder<unknown>,
  { cursor, limit, state, credentialId }: z.output<typeof CheckoutQuery>,
) => {
  const states = { open: sql`o.checked_in_at is null`, ended: sql`o.checked_in_at is not null`, all: sql`true` };
  const where = sql`${whose} and ${states[state]} and (${cursor ?? null}::uuid is null or o.checkout_id < ${cursor ?? null}::uuid)
    and (${credentialId ?? null}::uuid is null or o.credential_id = ${credentialId ?? null}::uuid)`;
  const found = await listCheckouts(tx, where, limit + 1);
  const items = await toShapes(tx, found.slice(0, limit));
  return { items, next: found.length > limit ? (items.at(-1)?.checkoutId ?? null) : null };
};

const toShape = async (tx: Sql, checkout: Checkout) => {
  const [shape] = await toShapes(tx, [checkout]);
  if (shape === undefined) throw new Error('One check-out has one shape.');
  return shape;
};

const toShapes = async (tx: Sql, checkouts: readonly Checkout[]): Promise<z.output<typeof CheckoutShape>[]> => {
  const { rows } = await sql<{ id: string; about: string }>`
    select o.checkout_id as id, coalesce('(' || s.name || ')''' || c.namespace || '\\' || c.account_name || '''',
      '(' || e.system_name || ')''' || e.account_name || '''') as about
    from checkouts o left join credentials c using (credential_id) left join systems s on s.system_id = c.system_id
      left join list_entries e using (entry_id)
    where o.checkout_id = any(${checkouts.map(({ checkoutId }) => checkoutId)}::uuid[])`.execute(tx);
  const about = new Map(rows.map((row) => [row.id, row.about]));
  return checkouts.map(({ checkoutId, credentialId, entryId, holder, comment, ...rest }) => ({
    ...{ checkoutId, credentialId, entryId, holder, comment, about: about.get(checkoutId) ?? '' },
    ...{ checkedOutAt: rest.checkedOutAt.toISOString(), expiresAt: rest.expiresAt.toISOString() },
    ...{ checkedInAt: rest.checkedInAt?.toISOString() ?? null, endedBy: rest.endedBy },
  }));
};
