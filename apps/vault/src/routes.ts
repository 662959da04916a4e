import type { Server } from '@gatehouse/server';
import { serveCheckouts } from './checkouts/index.ts';
import type { VaultParts } from './parts.ts';
import { serveRequests } from './requests/index.ts';
import { type JobDoor, serveSdk } from './sdk/index.ts';

/** Every route of the vault, beside those of the server itself. `jobs` null: it changes no passwords. */
export const serveVault = (server: Server, parts: VaultParts, jobs: JobDoor | null): void => {
  const { app } = server;
  serveSdk(app, { vault: parts, jobs });
  serveCheckouts(server, parts, jobs);
  serveRequests(app, parts);
};
