import type { Server } from '@gatehouse/server';
import { serveAudit } from './audit/index.ts';
import { serveCheckouts } from './checkouts/index.ts';
import { serveCredentials } from './credentials/index.ts';
import { serveCustomPlatforms } from './custom-platforms/index.ts';
import { serveDelegation } from './delegation/index.ts';
import { serveIdentities } from './identities/index.ts';
import { type JobDoor, type JobRouteParts, serveJobs } from './jobs/index.ts';
import { serveLists } from './lists/index.ts';
import { serveOverview } from './overview/index.ts';
import { servePolicies } from './policies/index.ts';
import { serveReceivers } from './receivers/index.ts';
import { serveRequests } from './requests/index.ts';
import { serveSdk } from './sdk/index.ts';

/** Every route of the vault, beside those of the server itself. */
export const serveVault = (server: Server, parts: JobRouteParts, jobs: JobDoor): void => {
  const { app } = server;
  serveOverview(app, parts);
  servePolicies(app, parts);
  serveCredentials(app, parts);
  serveCustomPlatforms(app, parts);
  serveJobs(app, parts);
  serveLists(app, parts);
  serveIdentities(app, parts);
  serveDelegation(app, parts);
  serveAudit(app, parts);
  serveReceivers(app, parts);
  serveCheckouts(server, parts, jobs);
  serveRequests(app, parts);
  serveSdk(server, { vault: parts, jobs });
};
