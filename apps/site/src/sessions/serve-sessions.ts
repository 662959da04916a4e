import type { App, Server } from '@gatehouse/server';
import { serveExports } from './export-routes.ts';
import { serveFiles } from './file-routes.ts';
import type { Sessions } from './open-sessions.ts';
import { serveRecordings } from './recording-routes.ts';
import { serveAllSessions, serveOwnSessions } from './routes.ts';

/** Everything about sessions. */
export const serveSessions = (app: App, sessions: Sessions, prove: Server['proveSecondFactor']): void => {
  serveOwnSessions(app, sessions, prove);
  serveAllSessions(app, sessions);
  serveExports(app, sessions);
  serveRecordings(app, sessions);
  serveFiles(app, sessions);
};
