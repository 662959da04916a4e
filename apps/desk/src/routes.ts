import { serveMail } from '@gatehouse/mail';
import type { Server } from '@gatehouse/server';
import { serveAccounts } from './accounts/index.ts';
import { serveAudit } from './audit/index.ts';
import { serveCases } from './cases/index.ts';
import { serveChanges } from './changes/index.ts';
import { serveConnections } from './connections/index.ts';
import { serveDetails } from './details/index.ts';
import { serveDownloads, serveTranscripts } from './downloads/index.ts';
import { openSenders, serveEvents } from './events/index.ts';
import { serveKeys } from './keys/index.ts';
import type { DeskParts } from './parts.ts';
import { permit, servePeople } from './people/index.ts';
import { serveProgramApi } from './program-api/index.ts';
import { serveSites } from './sites/index.ts';
import { serveTeams } from './teams/index.ts';

/** Every route of the program, beside those of the server itself. `wake`: a session may be due. */
export const serveDesk = (server: Server, parts: DeskParts, wake: () => void): void => {
  const { app } = server;
  serveCases(app, parts);
  servePeople(server, parts);
  serveTeams(app, parts);
  serveAccounts(app, parts);
  serveAudit(app, parts);
  serveProgramApi(server, parts);
  serveMail(app, parts.mail, {
    ...{ access: 'signed-in', title: 'Gatehouse Desk' },
    allow: (request) => permit(parts.database, request, 'manager'),
  });
  serveSites(app, parts);
  serveConnections(app, parts);
  serveKeys(app, parts);
  serveDetails(app, parts, wake);
  serveDownloads(app, parts);
  serveTranscripts(app, parts);
  serveChanges(app, parts, wake);
  serveEvents(app, parts, { senders: openSenders(), wake });
};
