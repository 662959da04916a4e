import type { Server } from '@gatehouse/server';
import type { DeskParts } from './parts.ts';

/** Every route of the program, beside those of the server itself. */
export const serveDesk = (_server: Server, _parts: DeskParts): void => undefined;
