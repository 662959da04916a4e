import type { Connection } from '../connections/index.ts';
import { tellTicket } from '../details/index.ts';
import { startLink } from '../keys/index.ts';
import type { DeskParts } from '../parts.ts';

/**
 * A ticket was made or changed at its desk: it has the link that starts a session, and its sessions are looked at, because
 * it may have been deleted or moved out of sight. @throws Fault
 */
export const heedChange = async (parts: DeskParts, connection: Connection, ticketId: string): Promise<void> => {
  const { database, clock, baseUrl } = parts;
  const { connectionId } = connection;
  const open = parts.openConnection(connection);
  const { desk, client, mapped } = open;
  const ticket = mapped.has('sessionStartLink') ? await desk.findTicket(client, ticketId) : null;
  const link = ticket === null ? {} : startLink(baseUrl(), connectionId, open, ticket);
  // Whoever changes it meanwhile is heard of, too.
  if (ticket !== null && link.sessionStartLink !== undefined)
    await desk.setFields(client, ticket.id, link, ticket.version);
  await database.system((tx) => tellTicket(tx, { connectionId, ticketId, at: clock.now() }));
};
