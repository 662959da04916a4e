import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { listSignedIn } from './consoles.ts';
import { isQueueAvailable } from './queues.ts';
import type { Rights } from './rights.ts';

/** Whom a representative may give a session to. */
export const listPeople = async (tx: Sql, { transfersAnywhere, teams: mine, userId }: Rights, now: Date) => {
  const { rows } = await sql<{ id: number; name: string }>`
    select id, name from teams where ${transfersAnywhere} or id = any(${mine}::int[])
    order by lower(name), id limit 1000`.execute(tx);
  const teams: { id: number; name: string; isAvailable: boolean }[] = [];
  for (const team of rows)
    teams.push({ ...team, isAvailable: await isQueueAvailable(tx, { type: 'team', id: team.id }, now) });
  const signedIn = (await listSignedIn(tx, now)).filter((one) => one.userId !== userId);
  return {
    general: await isQueueAvailable(tx, { type: 'general' }, now),
    teams,
    representatives: signedIn.map(({ userId: id, name, username, status }) => ({ userId: id, name, username, status })),
  };
};
