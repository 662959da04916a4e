import type { Sql } from '@gatehouse/database';
import { audit, type ByProgram } from '@gatehouse/server';
import { listShells } from '../support/index.ts';
import { nextDue, removeRecording, removeSession } from './store.ts';
import { markRemoved, nextSupportDue, removeBlobs, removeChat, removeSupportSession } from './support-store.ts';

type Remover = ByProgram['principal'];

/**
 * Removes what is too old of one session, in this transaction, with the proof. `taken` hears which, before anything is
 * done. False: there is nothing to remove.
 */
export type RemoveNext = (
  tx: Sql,
  by: Remover,
  now: Date,
  passed: readonly string[],
  taken: (id: string) => void,
) => Promise<boolean>;

/** Sessions with endpoints, and their recordings. */
export const removeNextSession: RemoveNext = async (tx, by, now, passed, taken) => {
  const due = await nextDue(tx, now, passed);
  if (due === null) return false;
  taken(due.id);
  const { id, correlationId, hostname: target, username: person, recording } = due;
  const endedAt = due.endedAt.toISOString();
  if (recording !== null) {
    const { format, chunks, bytes: bytesSeen } = recording;
    const removed = await removeRecording(tx, id, now);
    const change = { session: id, person, endedAt, format, chunks, bytesSeen, ...removed };
    await audit(tx, { principal: by, correlationId }, { action: 'recording.remove', target, change });
  }
  if (due.isOver) {
    const change = { session: id, person, endedAt, ...(await removeSession(tx, id)) };
    await audit(tx, { principal: by, correlationId }, { action: 'session.remove', target, change });
  }
  return true;
};

/** Support sessions: their files, their screens, their words, and then themselves. */
export const removeNextSupport: RemoveNext = async (tx, by, now, passed, taken) => {
  const due = await nextSupportDue(tx, now, passed);
  if (due === null) return false;
  const { lsid, correlationId, customer } = due;
  taken(lsid);
  const about = { lsid, endedAt: due.endedAt.toISOString() };
  const note = (action: string, change: Parameters<typeof audit>[2]['change']) =>
    audit(
      tx,
      { principal: by, correlationId },
      { action, target: customer || 'Customer', change: { ...about, ...change } },
    );
  for (const [kind, isDue, action] of [
    ['file', due.files, 'support-file.remove'],
    ['screen', due.recordings, 'support-recording.remove'],
  ] as const) {
    if (!isDue) continue;
    for await (const removed of removeBlobs(tx, lsid, kind)) await note(action, { ...removed });
    if (kind === 'screen')
      for (const shell of await listShells(tx, lsid))
        await note('support-recording.remove', { shell, ...(await removeRecording(tx, shell, now)) });
    await markRemoved(tx, lsid, kind, now);
  }
  if (due.chat) {
    const removed = await removeChat(tx, lsid);
    if (removed.messages > 0) await note('support-chat.remove', { ...removed });
    await markRemoved(tx, lsid, 'chat', now);
  }
  if (due.isOver) await note('support-session.remove', { ...(await removeSupportSession(tx, lsid)) });
  return true;
};
