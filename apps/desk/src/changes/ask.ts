import { type Connection, findCursor, saveCursor } from '../connections/index.ts';
import type { DeskParts } from '../parts.ts';
import { heedChange } from './heed.ts';

/** Asks a desk that can be asked what changed since it was asked last. @throws Fault */
export const askForChanges = async (parts: DeskParts, connection: Connection): Promise<void> => {
  const { desk, client } = parts.openConnection(connection);
  if (desk.changesSince === undefined) return;
  const { connectionId } = connection;
  const from = await parts.database.system((tx) => findCursor(tx, connectionId));
  const { tickets, cursor } = await desk.changesSince(client, from);
  for (const ticket of tickets) await heedChange(parts, connection, ticket);
  // Kept when all of them were heeded: ids may come again.
  await parts.database.system((tx) => saveCursor(tx, connectionId, cursor));
};
