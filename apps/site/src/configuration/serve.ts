import type { App } from '@gatehouse/server';
import { operations } from './operations.ts';
import { type OperationParts, serveOperations } from './serve-operations.ts';

/** The Configuration API, as its official description has it, for API accounts with that permission. */
export const serveConfiguration = (app: App, parts: OperationParts): void =>
  serveOperations(app, parts, {
    operations,
    document: { base: '/api/config/v1', title: 'Gatehouse Site: Configuration API', version: '1.10' },
    refuse: ({ permissions }) =>
      permissions.configuration ? null : 'The API account does not have permission to use the Configuration API.',
    unknown: 401,
  });
