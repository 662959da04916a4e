import type { App } from '@gatehouse/server';
import type { CommandParts } from './command-parts.ts';
import { serveCommandV1 } from './v1/serve-v1.ts';

/** The Command API, for API accounts with that permission. */
export const serveCommand = (app: App, parts: CommandParts): void => {
  serveCommandV1(app, parts);
};
