import type { Server } from '@gatehouse/server';
import type { VaultParts } from './parts.ts';

/** Every route of the vault, beside those of the server itself. */
export const serveVault = (_server: Server, _parts: VaultParts): void => {};
