import { X509Certificate } from 'node:crypto';
import type { Sql } from '@gatehouse/database';
import { Fault, newId, Secret } from '@gatehouse/kernel';
import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import { DirectoryChange, DirectoryInput, Directory as DirectoryShape, DirectoryTest } from '../api/identities.ts';
import { ListQuery, list } from '../api/words.ts';
import { authorOf, change, entered } from '../change.ts';
import { deleteSecrets, putSecret } from '../keys/index.ts';
import type { VaultParts } from '../parts.ts';
import { invalid, stillUsed } from '../problems.ts';
import { type Directory, placeOfDirectory } from './directories.ts';
import {
  deleteDirectory,
  findDirectory,
  listDirectories,
  listUsesOfDirectory,
  putDirectory,
} from './directory-store.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['directories'];
const params = z.object({ directoryId: z.uuid() });
const changed = { event: 'EVENT_ID_CONFIGURATION_CHANGED' } as const;

/** Domains whose accounts may sign in. */
export const serveDirectories = (app: App, parts: VaultParts): void => {
  const { database, clock } = parts;
  app.get(
    '/api/directories',
    {
      config,
      schema: {
        ...{ summary: 'Domains whose accounts may sign in, by name', tags, querystring: ListQuery },
        response: { 200: list(DirectoryShape) },
      },
    },
    async ({ query }) => {
      const page = await database.system((tx) => listDirectories(tx, query));
      return { ...page, items: page.items.map(toJson) };
    },
  );
  app.post(
    '/api/directories',
    { config, schema: { summary: 'Add a domain', tags, body: DirectoryInput, response: { 201: DirectoryShape } } },
    async (request, reply) => {
      const { bindPassword, ...body } = request.body;
      refuseCertificates(body.certificateAuthorities);
      const at = clock.now();
      const directoryId = newId<string>(at.getTime());
      const made = await change(parts, request, async (tx, note) => {
        const bindSecretId = await seal(tx, parts, directoryId, bindPassword);
        const directory = { ...body, directoryId, bindSecretId };
        await putDirectory(tx, directory, at);
        note({ ...changed, target: body.netbiosName, message: `added the domain ${body.netbiosName}` });
        return directory;
      });
      reply.code(201);
      return toJson(made);
    },
  );
  app.get(
    '/api/directories/:directoryId',
    { config, schema: { summary: 'A domain', tags, params, response: { 200: DirectoryShape } } },
    async ({ params: { directoryId } }) => toJson(await database.system((tx) => getDirectory(tx, directoryId))),
  );
  app.patch(
    '/api/directories/:directoryId',
    {
      config,
      schema: {
        ...{ summary: 'Change a domain; a password that is left out stays', tags, params, body: DirectoryChange },
        response: { 200: DirectoryShape },
      },
    },
    async (request) => {
      const { bindPassword, ...body } = request.body;
      refuseCertificates(body.certificateAuthorities ?? null);
      const { directoryId } = request.params;
      return change(parts, request, async (tx, note) => {
        const before = await getDirectory(tx, directoryId);
        const after = await withSecret(tx, parts, before, { ...before, ...entered(body) }, bindPassword);
        await putDirectory(tx, after, clock.now());
        if (before.bindSecretId !== null && before.bindSecretId !== after.bindSecretId)
          await deleteSecrets(tx, [before.bindSecretId]);
        const fields = [...Object.keys(entered(body)), ...(bindPassword === undefined ? [] : ['bindPassword'])];
        const message = `changed the domain ${after.netbiosName}`;
        note({ ...changed, target: after.netbiosName, message, arguments: { fields } });
        return toJson(after);
      });
    },
  );
  app.delete(
    '/api/directories/:directoryId',
    { config, schema: { summary: 'Delete a domain', tags, params, response: { 204: z.void() } } },
    async (request, reply) => {
      await change(parts, request, async (tx, note) => {
        const { directoryId, netbiosName, bindSecretId } = await getDirectory(tx, request.params.directoryId);
        const { names, count } = await listUsesOfDirectory(tx, netbiosName);
        if (count > 0) throw stillUsed(`The domain ${netbiosName}`, names, count);
        await deleteDirectory(tx, directoryId);
        if (bindSecretId !== null) await deleteSecrets(tx, [bindSecretId]);
        note({ ...changed, target: netbiosName, message: `deleted the domain ${netbiosName}` });
      });
      return reply.code(204).send();
    },
  );
  app.post(
    '/api/directories/:directoryId/test',
    {
      config,
      schema: {
        ...{ summary: 'Sign in to a domain with the account that reads groups, and read one', tags, params },
        response: { 200: DirectoryTest },
      },
    },
    async (request) => {
      const directory = await database.system((tx) => getDirectory(tx, request.params.directoryId));
      const tested = await test(parts, directory);
      await database.system((tx) =>
        parts.audit.write(tx, authorOf(request), {
          ...{ ...changed, target: directory.netbiosName, message: `tested the domain ${directory.netbiosName}` },
          succeeded: tested.works,
        }),
      );
      return tested;
    },
  );
};

const test = async ({ directories }: VaultParts, directory: Directory): Promise<z.input<typeof DirectoryTest>> => {
  try {
    return { works: true, message: await directories.check(directory) };
  } catch (error) {
    if (!(error instanceof Fault) || error.kind === 'unexpected') throw error;
    return { works: false, message: error.advice };
  }
};

const getDirectory = async (tx: Sql, directoryId: string): Promise<Directory> => {
  const directory = await findDirectory(tx, directoryId);
  if (directory === null) throw problems.notFound();
  return directory;
};

const seal = async (
  tx: Sql,
  { envelope, clock }: VaultParts,
  directoryId: string,
  password: string | undefined,
): Promise<string | null> =>
  password === undefined
    ? null
    : putSecret(tx, envelope, { secret: new Secret(password), place: placeOfDirectory(directoryId), at: clock.now() });

/**
 * The password goes with the account and the controllers that it was entered for: sent elsewhere it would be given away,
 * so whoever changes one of them enters it again.
 */
const withSecret = async (
  tx: Sql,
  parts: VaultParts,
  before: Directory,
  after: Directory,
  password: string | undefined,
): Promise<Directory> => {
  if (password !== undefined) return { ...after, bindSecretId: await seal(tx, parts, before.directoryId, password) };
  if (after.bindName === null) return { ...after, bindSecretId: null };
  const isSame =
    after.bindName === before.bindName &&
    after.certificateAuthorities === before.certificateAuthorities &&
    after.controllers.every((controller) => before.controllers.includes(controller));
  if (!isSame && before.bindSecretId !== null)
    throw invalid('bindPassword', 'Enter the password again: it was entered for other controllers or another account.');
  return after;
};

const refuseCertificates = (pem: string | null): void => {
  if (pem === null) return;
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

const toJson = (directory: Directory): z.input<typeof DirectoryShape> => {
  const { directoryId, netbiosName, dnsName, controllers, certificateAuthorities, bindName, bindSecretId } = directory;
  return {
    ...{ directoryId, netbiosName, dnsName, controllers: [...controllers], certificateAuthorities, bindName },
    bindPassword: { isSet: bindSecretId !== null },
  };
};
