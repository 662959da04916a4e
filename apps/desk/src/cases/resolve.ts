import type { Sql } from '@gatehouse/database';
import { type Caller, type DeskPerson, findPerson, mayBeAssigned } from '../people/index.ts';
import { invalid } from '../problems.ts';
import { findTeam } from '../teams/index.ts';

/** What people write for somebody or a team; undefined stays undefined, null stays null. */
export interface Wanted {
  readonly requester?: string | null | undefined;
  readonly assignee?: string | null | undefined;
  readonly team?: string | null | undefined;
}

export interface Resolved {
  readonly requesterId?: string | null | undefined;
  readonly assigneeId?: string | null | undefined;
  readonly teamId?: string | null | undefined;
}

/** Somebody by id or login; `me` is whoever asks. @throws Problem that names the field */
export const findNamed = async (tx: Sql, { person }: Caller, field: string, key: string): Promise<DeskPerson> => {
  const found = key === 'me' ? person : await findPerson(tx, key);
  if (found === null) throw invalid(field, 'There is nobody with this login.');
  return found;
};

/** The ids of those who are named. @throws Problem that names the field */
export const resolve = async (tx: Sql, caller: Caller, { requester, assignee, team }: Wanted): Promise<Resolved> => {
  const asked = async (key: string | null | undefined) =>
    key === null || key === undefined ? key : (await findNamed(tx, caller, 'requester', key)).id;
  const assigned = async (key: string | null | undefined) => {
    if (key === null || key === undefined) return key;
    const found = await findNamed(tx, caller, 'assignee', key);
    if (!mayBeAssigned(found)) throw invalid('assignee', `${found.name} does not work at this desk.`);
    return found.id;
  };
  const grouped = async (key: string | null | undefined) => {
    if (key === null || key === undefined) return key;
    const found = await findTeam(tx, key);
    if (found === null) throw invalid('team', 'There is no team with this name.');
    return found.id;
  };
  return {
    requesterId: await asked(requester),
    assigneeId: await assigned(assignee),
    teamId: await grouped(team),
  };
};
