import type { App } from '@gatehouse/server';
import type { CommandParts } from './command-parts.ts';
import { serveCommandV1 } from './v1/serve-actions.ts';
import { serveCommandV2 } from './v2/serve-json.ts';

/** The Command API in XML and in JSON, for API accounts with that permission. */
export const serveCommand = (app: App, parts: CommandParts): void => {
  serveCommandV1(app, parts);
  serveCommandV2(app, parts);
};
