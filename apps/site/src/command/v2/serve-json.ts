import type { App } from '@gatehouse/server';
import { type Operation, serveOperations } from '../../configuration/index.ts';
import type { CommandParts } from '../command-parts.ts';
import { mayDo, notAllowed } from '../permission.ts';
import { peopleOperations } from './people-operations.ts';
import { sessionOperations } from './session-operations.ts';
import { siteOperations } from './site-operations.ts';

/** Every operation of the Command API in JSON. */
export const operationsOf = (parts: CommandParts): readonly Operation[] => [
  ...siteOperations(parts),
  ...peopleOperations,
  ...sessionOperations(parts),
];

/** The Command API in JSON. */
export const serveCommandV2 = (app: App, parts: CommandParts): void =>
  serveOperations(app, parts, {
    operations: operationsOf(parts),
    document: { base: '/api/command/v2', title: 'Gatehouse Site: Command API', version: '2.0.0' },
    refuse: (account, operation) => (mayDo(account, operation?.needs ?? 'read_only') ? null : notAllowed),
    unknown: 400,
  });
