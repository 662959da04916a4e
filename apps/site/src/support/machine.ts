import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { type Change, inSession, note } from './in-session.ts';
import type { Member } from './participants.ts';
import { findSession } from './store.ts';

type MachineEvent = 'shell_opened' | 'shell_closed' | 'machine_file_put' | 'machine_file_fetched';

/** What a representative does on the machine of a session. What ends once the session is over is not noted. */
export const noteMachine = async (
  change: Change,
  { lsid, gsnumber }: Member,
  event: MachineEvent,
  body: Readonly<Record<string, string | number>>,
): Promise<void> => {
  if (event === 'shell_closed' && (await findSession(change.tx, lsid))?.state === 'ended') return;
  await inSession(change, lsid, 'change', { [event]: { ...body } }, (session) =>
    note(change, session, event, gsnumber, body),
  );
};

/** Before anything is seen of it. */
export const insertShell = async (tx: Sql, { lsid, gsnumber }: Member, shell: string, at: Date): Promise<void> => {
  await sql`insert into support_shells (shell_id, lsid, gsnumber, opened_at)
    values (${shell}, ${lsid}, ${gsnumber}, ${at})`.execute(tx);
};

/** Those of a session whose recording is there, in the order they were opened. */
export const listShells = async (tx: Sql, lsid: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ shell: string }>`
    select h.shell_id as shell from support_shells h join recordings r on r.session_id = h.shell_id
    where h.lsid = ${lsid} order by h.opened_at, h.shell_id limit 1000`.execute(tx);
  return rows.map(({ shell }) => shell);
};
