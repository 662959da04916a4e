import type { Sql } from '@gatehouse/database';
import { attributesOf, readAction, type ScriptAction } from '@gatehouse/remote-access/script';
import { type App, problems } from '@gatehouse/server';
import type { z } from 'zod';
import { LaunchAnswer, LaunchBegin, LaunchBegun, LaunchInput, type LaunchTarget } from '../api/launches.ts';
import { startJumpClientSession } from '../jump-clients/index.ts';
import { inWords } from '../objects/index.ts';
import { changeSessionAttributes, findRights } from '../support/index.ts';
import { requireUser } from '../users/index.ts';
import type { ScriptParts } from './script-routes.ts';
import { findLink, useLink } from './store.ts';
import { findTargets, mostTargets } from './targets.ts';

const config = { access: 'signed-in' } as const;
const tags = ['console'];

/** What the page does that a link of a program leads to: it shows what was meant, and begins it once somebody says so. */
export const serveLaunches = (app: App, { database, clock }: Pick<ScriptParts, 'database' | 'clock'>): void => {
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
      const { token, kind, id } = request.body;
      const path = await inWords(() =>
        database.system(async (tx) => {
          const user = await requireUser(tx, request);
          const now = clock.now();
          // What goes wrong below leaves it unused.
          const action = token === undefined ? read(request.body) : require(await useLink(tx, token, user.id, now));
          const isMeant = (one: LaunchTarget) => one.kind === kind && one.id === id;
          if (!(await findTargets(tx, user.id, action, now)).some(isMeant)) throw problems.notFound();
          if (kind !== 'jump-client') return `/console/${kind}/${id}`;
          return `/console/support/${await beginWith(tx, request.act, { action, id, userId: user.id, now })}`;
        }),
      );
      return reply.code(201).send({ path });
    },
  );
};

type Act = Parameters<typeof startJumpClientSession>[0]['by'];
const beginWith = async (
  tx: Sql,
  by: Act,
  of: { readonly action: ScriptAction; readonly id: number; readonly userId: number; readonly now: Date },
): Promise<string> => {
  const change = { tx, by, now: of.now };
  const rights = await findRights(tx, of.userId);
  if (rights === null || !rights.maySupport) throw problems.notFound();
  const lsid = await startJumpClientSession(change, rights, of.id);
  const attributes = attributesOf(of.action);
  if (Object.keys(attributes).length > 0) await changeSessionAttributes(change, lsid, attributes);
  return lsid;
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
