import type { Server } from '@gatehouse/server';
import type { VaultParts } from './parts.ts';
import { type JobDoor, serveSdk } from './sdk/index.ts';

/** Every route of the vault, beside those of the server itself. `jobs` null: it changes no passwords. */
export const serveVault = (server: Server, parts: VaultParts, jobs: JobDoor | null): void => {
  serveSdk(server.app, { vault: parts, jobs });
};
