import type { Sql } from '@gatehouse/database';
import { attributesOf, readAction, type ScriptAction } from '@gatehouse/remote-access/script';
import { type App, problems, type Request } from '@gatehouse/server';
import type { z } from 'zod';
import { LaunchAnswer, LaunchBegin, LaunchBegun, LaunchInput, type LaunchTarget } from '../api/launches.ts';
import { proveSaid } from '../conditions/index.ts';
import { findGround, type JumpHub, startJumpClientSession } from '../jump-clients/index.ts';
import { inWords } from '../objects/index.ts';
import { changeSessionAttributes, findRights, type Rights } from '../support/index.ts';
import { requireUser } from '../users/index.ts';
import type { ScriptParts } from './script-routes.ts';
import { findLink, useLink } from './store.ts';
import { findTargets, mostTargets } from './targets.ts';

const config = { access: 'signed-in' } as const;
const tags = ['console'];

export interface LaunchParts extends Pick<ScriptParts, 'database' | 'clock'> {
  readonly jump: Pick<JumpHub, 'pace'>;
  /** @throws Problem where the code is not that of the person */
  readonly proveCode: (request: Request, code: string) => Promise<void>;
}

/** What the page does that a link of a program leads to: it shows what was meant, and begins it once somebody says so. */
export const serveLaunches = (app: App, { database, clock, jump, proveCode }: LaunchParts): void => {
  app.post(
    '/api/console/launches/find',
    {
      config,
      schema: {
        ...{ summary: 'What a link leads to, for you', tags, body: LaunchInput },
        response: { 200: LaunchAnswer },
      },
    },
    async (request) =>
      database.system(async (tx) => {
        const user = await requireUser(tx, request);
        const now = clock.now();
        const { token } = request.body;
        const action = token === undefined ? read(request.body) : require(await findLink(tx, token, user.id, now));
        const found = await findTargets(tx, user.id, action, now);
        return {
          ...{ search: wordsOf(action), externalKey: attributesOf(action).external_key ?? '' },
          ...{ items: found.slice(0, mostTargets), more: found.length > mostTargets },
        };
      }),
  );
  app.post(
    '/api/console/launches',
    {
      config,
      schema: {
        ...{ summary: 'Begin what a link leads to', tags, body: LaunchBegin },
        response: { 201: LaunchBegun },
      },
    },
    async (request, reply) => {
      const { kind, id: clientId } = request.body;
      if (kind !== 'jump-client') {
        await database.system((tx) => findMeant(tx, request, useLink));
        return reply.code(201).send({ path: `/console/${kind}/${clientId}` });
      }
      const before = await inWords(() =>
        database.system(async (tx) => {
          const { rights, said } = await findMeant(tx, request, findLink);
          return { said, ...(await findGround({ tx, now: clock.now() }, requireSupport(rights), clientId)) };
        }),
      );
      const { code } = await proveSaid(before.terms.conditions, before.said, (one) => proveCode(request, one));
      const lsid = await inWords(() =>
        database.system(async (tx) => {
          // What goes wrong below leaves it unused.
          const { rights, attributes, said } = await findMeant(tx, request, useLink);
          const change = { tx, by: request.act, now: clock.now() };
          const beginning = { clientId, said: { ...said, code }, minuteMs: jump.pace.minuteMs };
          const lsid = await startJumpClientSession(change, requireSupport(rights), beginning);
          if (Object.keys(attributes).length > 0) await changeSessionAttributes(change, lsid, attributes);
          return lsid;
        }),
      );
      return reply.code(201).send({ path: `/console/support/${lsid}` });
    },
  );

  /** What a link is for, where that is what shall begin. @throws Problem */
  const findMeant = async (tx: Sql, request: Request & { readonly body: Begin }, find: typeof findLink) => {
    const { token, kind, id, reason, ticket, code } = request.body;
    const user = await requireUser(tx, request);
    const now = clock.now();
    const action = token === undefined ? read(request.body) : require(await find(tx, token, user.id, now));
    const isMeant = (one: LaunchTarget) => one.kind === kind && one.id === id;
    if (!(await findTargets(tx, user.id, action, now)).some(isMeant)) throw problems.notFound();
    const attributes = attributesOf(action);
    // Who made the link has named a ticket.
    const said = { reason, ticket: attributes.external_key?.trim() || ticket, code };
    return { rights: await findRights(tx, user.id), attributes, said };
  };
};

type Begin = z.output<typeof LaunchBegin>;

const requireSupport = (rights: Rights | null): Rights => {
  if (rights === null || !rights.maySupport) throw problems.notFound();
  return rights;
};

/** As `start_jump_item_session`, which is all that is begun here. */
const read = ({ parameters = {} }: z.output<typeof LaunchInput>): ScriptAction => {
  const action = readAction(Object.entries({ ...parameters, action: 'start_jump_item_session' }));
  if ('action' in action) return action;
  throw problems.invalid(action.map(({ field, message }) => ({ field: `parameters.${field}`, message })));
};

const require = <T>(link: T | null): T => {
  if (link !== null) return link;
  throw problems.conflict('This link was used, is over, or was made for somebody else. Ask for a new one.');
};

const wordsOf = ({ parameters }: ScriptAction): string =>
  Object.entries(parameters)
    .filter(([name]) => name === 'search_string' || name.startsWith('client.'))
    .map(([name, value]) => (name === 'search_string' ? value : `${name.slice('client.'.length)} ${value}`))
    .join(', ');
