import type { Server } from '@gatehouse/server';
import { serveConnections } from './connections/index.ts';
import { serveDetails } from './details/index.ts';
import { openSenders, serveEvents } from './events/index.ts';
import { serveKeys } from './keys/index.ts';
import type { DeskParts } from './parts.ts';
import { serveSites } from './sites/index.ts';

/** Every route of the program, beside those of the server itself. `wake`: a session may be due. */
export const serveDesk = ({ app }: Server, parts: DeskParts, wake: () => void): void => {
  serveSites(app, parts);
  serveConnections(app, parts);
  serveKeys(app, parts);
  serveDetails(app, parts, wake);
  serveEvents(app, parts, { senders: openSenders(), wake });
};
