import { randomUUID } from 'node:crypto';
import type { Sql } from '@gatehouse/database';
import { type App, audit, problems } from '@gatehouse/server';
import { z } from 'zod';
import {
  NewSiteTestInput,
  SiteAnswer,
  SiteId,
  SiteInput,
  SiteList,
  SiteSettings,
  SiteTestInput,
  TestAnswer,
} from '../api/sites.ts';
import { accept } from '../parse.ts';
import type { DeskParts } from '../parts.ts';
import { only } from '../people/index.ts';
import { invalid } from '../problems.ts';
import { testSite } from './check.ts';
import { deleteSite, findSite, listSites, namesOfConnections, type Site, saveSite, secretOf, toSite } from './store.ts';

const config = { access: 'signed-in' } as const;
const tags = ['sites'];
const One = z.object({ siteId: SiteId });

/** The sites of remote support that keys come from and sessions are read from. */
export const serveSites = (app: App, parts: DeskParts): void => {
  const { database, clock, sealer } = parts;
  const managers = { config, onRequest: only(database, 'manager') } as const;

  app.get(
    '/api/sites',
    { ...managers, schema: { summary: 'Sites of remote support', tags, response: { 200: SiteList } } },
    async () => ({ items: (await database.system(listSites)).map(toAnswer), next: null }),
  );
  app.post(
    '/api/sites',
    { ...managers, schema: { summary: 'Add a site', tags, body: SiteInput, response: { 201: SiteAnswer } } },
    async ({ act, body }, reply) => {
      const settings = accept(SiteSettings, body);
      const siteId = randomUUID();
      const made = await database.system(async (tx) => {
        await requireOwnName(tx, settings.name, siteId);
        await saveSite(tx, sealer, siteId, settings, clock.now());
        await audit(tx, act, { action: 'site.add', target: settings.name, change: { url: settings.url } });
        return findSite(tx, siteId);
      });
      if (made === null) throw problems.notFound();
      return reply.code(201).send(toAnswer(made));
    },
  );
  app.get(
    '/api/sites/:siteId',
    { ...managers, schema: { summary: 'A site', tags, params: One, response: { 200: SiteAnswer } } },
    async ({ params: { siteId } }) => toAnswer(await require(siteId)),
  );
  app.patch(
    '/api/sites/:siteId',
    {
      ...managers,
      schema: { summary: 'Change a site', tags, params: One, body: SiteInput, response: { 200: SiteAnswer } },
    },
    async ({ act, params: { siteId }, body }) => {
      const settings = accept(SiteSettings, whole(await require(siteId), body));
      const changed = await database.system(async (tx) => {
        await requireOwnName(tx, settings.name, siteId);
        await saveSite(tx, sealer, siteId, settings, clock.now());
        await audit(tx, act, { action: 'site.change', target: settings.name, change: { url: settings.url } });
        return findSite(tx, siteId);
      });
      if (changed === null) throw problems.notFound();
      return toAnswer(changed);
    },
  );
  app.delete(
    '/api/sites/:siteId',
    { ...managers, schema: { summary: 'Remove a site', tags, params: One, response: { 204: z.void() } } },
    async ({ act, params: { siteId } }, reply) => {
      const { name } = await require(siteId);
      await database.system(async (tx) => {
        const users = await namesOfConnections(tx, siteId);
        if (users.length > 0)
          throw problems.conflict(`Connections use this site: ${users.join(', ')}. Remove them first.`);
        await deleteSite(tx, siteId);
        await audit(tx, act, { action: 'site.remove', target: name });
      });
      return reply.code(204).send();
    },
  );
  app.post(
    '/api/sites/test',
    {
      ...managers,
      schema: {
        ...{ summary: 'Try a site before it is added', tags, body: NewSiteTestInput },
        response: { 200: TestAnswer },
      },
    },
    async ({ body }) => testSite(parts, toSite(sealer, randomUUID(), accept(SiteSettings, body.settings), clock.now())),
  );
  app.post(
    '/api/sites/:siteId/test',
    {
      ...managers,
      schema: {
        summary: 'Try a site, step by step',
        tags,
        params: One,
        body: SiteTestInput,
        response: { 200: TestAnswer },
      },
    },
    async ({ params: { siteId }, body }) => {
      const saved = await require(siteId);
      if (body?.settings === undefined) return testSite(parts, saved);
      const settings = accept(SiteSettings, whole(saved, body.settings));
      return testSite(parts, toSite(sealer, siteId, settings, saved.createdAt));
    },
  );

  const require = async (siteId: string): Promise<Site> => {
    const found = await database.system((tx) => findSite(tx, siteId));
    if (found === null) throw problems.notFound();
    return found;
  };
  /** What is left out, or sent back as it was answered, stays; a secret only for the address and account it was given for. */
  const whole = (site: Site, given: Readonly<Record<string, unknown>>) => {
    const { name, url, clientId, certificateAuthorities } = site;
    const { clientSecret, ...rest } = given;
    const isElsewhere = originOf(rest.url ?? url) !== originOf(url) || (rest.clientId ?? clientId) !== clientId;
    if (typeof clientSecret !== 'string' && isElsewhere)
      throw invalid('clientSecret', 'Enter the secret again: it was given for another address or account.');
    return {
      ...{ name, url, clientId, certificateAuthorities: certificateAuthorities ?? '', ...rest },
      clientSecret: typeof clientSecret === 'string' ? clientSecret : secretOf(sealer, site).reveal(),
    };
  };
};

/** Null for what is no address. */
const originOf = (url: unknown): string | null => URL.parse(String(url))?.origin ?? null;

const requireOwnName = async (tx: Sql, name: string, siteId: string): Promise<void> => {
  const others = (await listSites(tx)).filter((one) => one.siteId !== siteId);
  if (others.some((one) => one.name.toLowerCase() === name.toLowerCase()))
    throw invalid('name', 'There is a site with this name already.');
};

const toAnswer = ({ siteId, name, url, clientId, certificateAuthorities, createdAt }: Site) => ({
  ...{ siteId, name, url, clientId, clientSecret: { isSet: true } },
  ...{ certificateAuthorities: certificateAuthorities ?? '', createdAt: createdAt.toISOString() },
});
