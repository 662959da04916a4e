import type { Database } from '@gatehouse/database';
import { type App, audit, problems } from '@gatehouse/server';
import { z } from 'zod';
import { perAddress } from '../../oauth/index.ts';
import { sendStream } from '../../xml-api/index.ts';
import { kinds, type Links, type Thing } from './links.ts';
import { openThing, type ThingParts } from './things.ts';

const Query = z.object({
  /** `l=<lsid>;h=<40 hexadecimal digits>;t=sd;m=<kind>`, as programs know it. */
  lsid: z.string().max(300),
  id: z.string().max(100).default(''),
  expires: z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number),
  view: z.string().max(10).default(''),
});
const Named = z.object({
  l: z
    .string()
    .regex(/^[0-9a-f]{32}$/i)
    .toLowerCase(),
  h: z.string(),
  m: z.enum(kinds),
});

/** What links of reports lead to. Whoever has a link needs nothing else, so it is short-lived, and every use is noted. */
export const serveDownloads = (app: App, parts: ThingParts & { readonly links: Links }): void => {
  const { database, clock, links } = parts;
  app.get(
    '/session_download',
    { config: { access: 'public', rateLimit: perAddress }, schema: { hide: true }, exposeHeadRoute: false },
    async (request, reply) => {
      const asked = toAsked(request.query);
      if (asked === null || !links.isValid(asked.thing, asked.expires, asked.mac, clock.now()))
        throw problems.notFound();
      const { thing, isView } = asked;
      const found = await openThing(parts, thing, isView);
      if (found === null) throw problems.notFound();
      await note(database, thing, { address: request.ip, correlationId: request.id });
      return sendStream(app, reply, found);
    },
  );
};

const toAsked = (query: unknown) => {
  const given = Query.safeParse(query);
  if (!given.success) return null;
  const { lsid, id, expires, view } = given.data;
  const named = Named.safeParse(Object.fromEntries(lsid.split(';').map((part) => part.split('='))));
  if (!named.success) return null;
  const { l, h, m } = named.data;
  return { thing: { lsid: l, kind: m, id }, mac: h, expires, isView: view === '1' };
};

const note = (
  database: Database,
  { lsid, kind, id }: Thing,
  { address, correlationId }: { readonly address: string; readonly correlationId: string },
): Promise<void> =>
  database.system(async (tx) => {
    const by = { principal: { kind: 'program', id: 'link', name: 'Whoever has the link' } as const, correlationId };
    const change = { lsid, kind, ...(id !== '' && { id }), address };
    await audit(tx, by, { action: 'report-link.open', target: `Session ${lsid}`, change });
  });
