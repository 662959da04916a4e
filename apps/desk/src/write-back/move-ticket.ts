import type { Ticket } from '@gatehouse/desk-kit';
import type { Connection, OpenDesk } from '../connections/index.ts';
import { type DeskSession, mayMove, saveMoved } from '../details/index.ts';
import type { DeskParts } from '../parts.ts';

/**
 * A session has ended: its ticket goes where the connection says, once. Whoever closes it first, or opens it again, is
 * right. Resolves with what to do where the desk does not let it go there.
 */
export const moveTicket = async (
  { database, clock }: DeskParts,
  { desk, client }: OpenDesk,
  { endStatus }: Connection,
  session: DeskSession,
  { id, isOpen, status, number }: Ticket,
): Promise<string> => {
  if (endStatus === '' || desk.transition === undefined) return '';
  if (!(await database.system((tx) => mayMove(tx, session, id)))) return '';
  if (isOpen && status !== endStatus) {
    const moved = await desk.transition(client, id, endStatus, null);
    if (moved.state === 'done' && moved.isDenied)
      return `${number} does not go to the status “${endStatus}”: see that the desk has it, and lets the account move tickets.`;
  }
  await database.system((tx) => saveMoved(tx, session, id, clock.now()));
  return '';
};
