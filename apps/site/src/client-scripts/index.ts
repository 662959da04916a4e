import type { App } from '@gatehouse/server';
import { type LaunchParts, serveLaunches } from './launch-routes.ts';
import { type ScriptParts, serveClientScripts } from './script-routes.ts';
import { serveStartSession } from './start-session.ts';

export { migrations } from './migrations.ts';

export const serveScripts = (app: App, parts: ScriptParts & LaunchParts): void => {
  serveClientScripts(app, parts);
  serveLaunches(app, parts);
  serveStartSession(app);
};
