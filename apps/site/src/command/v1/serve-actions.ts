import type { App } from '@gatehouse/server';
import { apiAccounts } from '../../api-accounts/index.ts';
import { findObject } from '../../objects/index.ts';
import {
  BadParameters,
  type Element,
  NotAllowed,
  serveXmlApi,
  toSentence,
  type XmlRequest,
} from '../../xml-api/index.ts';
import type { CommandParts } from '../command-parts.ts';
import { mayDo, notAllowed } from '../permission.ts';
import type { Action } from './action.ts';
import { actions } from './actions.ts';
import { schema } from './schema.ts';

/** The Command API in XML, by both of its addresses, and its schema. */
export const serveCommandV1 = (app: App, parts: CommandParts): void =>
  serveXmlApi(app, parts, {
    ...{ name: 'command', addresses: ['/api/command', '/api/command.ns'], roots: schema },
    refuse: (account) => (mayDo(account, 'read_only') ? null : notAllowed),
    answer: async (asked) => {
      const action = actions.find(({ name }) => name === asked.parameters.action);
      if (action === undefined) throw new BadParameters('Invalid action');
      if (!mayDo(asked.account, action.needs)) throw new NotAllowed(notAllowed);
      return await run(parts, action, asked);
    },
  });

const run = async (
  parts: CommandParts,
  action: Action,
  { parameters, attributes, account, by, address }: XmlRequest,
): Promise<Element> => {
  const checked = action.parameters.safeParse(parameters);
  if (!checked.success) throw new BadParameters(toSentence(checked.error, parameters), { cause: checked.error });
  const { database, clock } = parts;
  const row = await database.system((tx) => findObject(tx, { kind: apiAccounts }, account.id));
  return await action.run({
    ...{ ...parts, by, attributes, parameters, address, account: row ?? {} },
    read: (work) => database.system((tx) => work(tx, clock.now())),
    change: (work) => database.system((tx) => work({ tx, by, now: clock.now() })),
  });
};
