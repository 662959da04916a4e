import { createHash } from 'node:crypto';
import { escapeHtml, type Ticket } from '@gatehouse/desk-kit';
import { Fault } from '@gatehouse/kernel';
import type { OpenDesk } from '../connections/index.ts';
import { type DeskSession, type KeptNote, listNotes, saveNote } from '../details/index.ts';
import type { DeskParts } from '../parts.ts';

const part = 'report';
const none = Buffer.alloc(0);
/** How often somebody may come between before it is left for later. */
const mostRounds = 6;

/** Before a session belongs to another ticket: that it has to leave this one is not forgotten by whoever is cut off. */
export const noteLeaving = async (
  { database, clock }: DeskParts,
  session: Pick<DeskSession, 'connectionId' | 'lsid'>,
  ticketId: string,
): Promise<void> => {
  await database.system(async (tx) => {
    const kept = await listNotes(tx, session.connectionId, session.lsid);
    // What stands there already says it by itself.
    if (kept.some((one) => one.ticketId === ticketId && one.part === part)) return;
    await saveNote(tx, session, { part, ticketId, revision: 0, digest: none, noteId: '', writtenAt: clock.now() });
  });
};

/**
 * Tickets that a session belonged to before its external key was edited: what stood there of it says where it is now, and
 * their fields do not name it any more. Each once, and again only where it came back meanwhile.
 */
export const leaveTickets = async (
  parts: DeskParts,
  { desk, client }: OpenDesk,
  session: Pick<DeskSession, 'connectionId' | 'lsid'>,
  now: Ticket,
): Promise<void> => {
  const { database, clock } = parts;
  const { lsid } = session;
  const kept = await database.system((tx) => listNotes(tx, session.connectionId, lsid));
  const title = 'Support session of another ticket';
  const html = `<p>This support session belongs to ${escapeHtml(now.number)} now, where its report stands.</p>`;
  const digest = createHash('sha256').update(`${title}\n${html}`).digest();
  const isDone = (one: KeptNote) => one.digest.equals(digest) && one.noteId !== '';
  // Where a desk keeps what was written, one word under it is enough.
  const isToSay = (one: KeptNote) => one.part === part || desk.notes.revisions === 'replace';
  const left = kept.filter((one) => one.ticketId !== now.id && isToSay(one) && !isDone(one));
  for (const ticketId of new Set(left.map((one) => one.ticketId))) {
    const ticket = await desk.findTicket(client, ticketId);
    // Gone, or merged into the one that it belongs to.
    if (ticket === null || ticket.id === now.id) continue;
    await clearFields({ desk, client }, ticket, lsid);
    for (const before of left.filter((one) => one.ticketId === ticketId)) {
      const isSaid = before.digest.equals(digest);
      const revision = isSaid ? before.revision : before.revision + 1;
      const keep = (noteId: string) =>
        database.system((tx) => saveNote(tx, session, { ...before, revision, digest, noteId, writtenAt: clock.now() }));
      await keep('');
      const note = { marker: { session: lsid, part: before.part, revision }, title, html };
      const done = await desk.addNote(client, ticket.id, note, null);
      if (done.state === 'stale') throw new Fault('throttled', 'Somebody else changes the ticket.');
      await keep(done.state === 'gone' ? 'gone' : done.id);
    }
  }
};

const clearFields = async (
  { desk, client }: Pick<OpenDesk, 'desk' | 'client'>,
  first: Ticket,
  lsid: string,
): Promise<void> => {
  let ticket = first;
  for (let round = 0; round < mostRounds; round += 1) {
    const { sessionIds = [], lastSessionStatus } = ticket.fields;
    if (!sessionIds.includes(lsid)) return;
    const isLast = sessionIds.at(-1) === lsid;
    const done = await desk.setFields(
      client,
      ticket.id,
      {
        sessionIds: sessionIds.filter((one) => one !== lsid),
        ...(isLast && lastSessionStatus !== undefined && { lastSessionStatus: 'Moved' }),
      },
      ticket.version,
    );
    if (done.state !== 'stale') return;
    ticket = done.ticket;
  }
  throw new Fault('throttled', 'Somebody else changes the ticket all the time.');
};
