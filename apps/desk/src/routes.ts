import type { Server } from '@gatehouse/server';
import { serveAccounts } from './accounts/index.ts';
import { serveAudit } from './audit/index.ts';
import { serveCases } from './cases/index.ts';
import type { DeskParts } from './parts.ts';
import { servePeople } from './people/index.ts';
import { serveProgramApi } from './program-api/index.ts';
import { serveTeams } from './teams/index.ts';

/** Every route of the program, beside those of the server itself. */
export const serveDesk = (server: Server, parts: DeskParts): void => {
  const { app } = server;
  serveCases(app, parts);
  servePeople(server, parts);
  serveTeams(app, parts);
  serveAccounts(app, parts);
  serveAudit(app, parts);
  serveProgramApi(server, parts);
};
