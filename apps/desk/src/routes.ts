import type { Server } from '@gatehouse/server';
import { serveAccounts } from './accounts/index.ts';
import { serveCases } from './cases/index.ts';
import { serveConnections } from './connections/index.ts';
import { serveDetails } from './details/index.ts';
import { openSenders, serveEvents } from './events/index.ts';
import { serveKeys } from './keys/index.ts';
import type { DeskParts } from './parts.ts';
import { servePeople } from './people/index.ts';
import { serveProgramApi } from './program-api/index.ts';
import { serveSites } from './sites/index.ts';
import { serveTeams } from './teams/index.ts';
import { wrongPattern, wrongTemplate } from './write-back/index.ts';

/** Every route of the program, beside those of the server itself. `wake`: a session may be due. */
export const serveDesk = (server: Server, parts: DeskParts, wake: () => void): void => {
  const { app } = server;
  serveCases(app, parts);
  servePeople(server, parts);
  serveTeams(app, parts);
  serveAccounts(app, parts);
  serveProgramApi(server, parts);
  serveSites(app, parts);
  serveConnections(app, parts, { template: wrongTemplate, pattern: wrongPattern });
  serveKeys(app, parts);
  serveDetails(app, parts, wake);
  serveEvents(app, parts, { senders: openSenders(), wake });
};
