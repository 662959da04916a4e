import type { Server } from '@gatehouse/server';
import { serveAudit } from './audit/index.ts';
import { serveCredentials } from './credentials/index.ts';
import { serveDelegation } from './delegation/index.ts';
import { serveIdentities } from './identities/index.ts';
import { serveLists } from './lists/index.ts';
import type { VaultParts } from './parts.ts';
import { servePolicies } from './policies/index.ts';

/** Every route of the vault, beside those of the server itself. */
export const serveVault = (server: Server, parts: VaultParts): void => {
  const { app } = server;
  servePolicies(app, parts);
  serveCredentials(app, parts);
  serveLists(app, parts);
  serveIdentities(app, parts);
  serveDelegation(app, parts);
  serveAudit(app, parts);
};
