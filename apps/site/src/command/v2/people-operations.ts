import { audit } from '@gatehouse/server';
import { writeTime } from '../../api/shape.ts';
import type { Operation } from '../../configuration/index.ts';
import { listIssues } from '../../issues/index.ts';
import { closeConsoles, findRights, listSignedIn, setStatus } from '../../support/index.ts';
import { listTeams } from '../../teams/index.ts';
import { requireSignedIn, statusOf } from '../people.ts';
import * as schemas from './schemas.ts';

/** Operations about representatives and teams. */
export const peopleOperations: readonly Operation[] = [
  {
    ...{
      method: 'GET',
      path: '/user',
      needs: 'read_only',
      status: 200,
      answers: schemas.User,
      paged: true,
      list: true,
    },
    summary: 'Representatives who are signed in to the console.',
    run: async ({ tx, now, page: { limit, offset } }) => {
      const present = await listSignedIn(tx, now);
      const body = present.slice(offset, offset + limit).map(({ userId, username, name, status, since, sessions }) => ({
        ...{ id: userId, type: 'normal', username, display_name: name, status, logged_in_since: writeTime(since) },
        session_count: sessions,
      }));
      return { body, total: present.length };
    },
  },
  {
    ...{ method: 'POST', path: '/user/{id}/logout', needs: 'full_access', status: 204 },
    summary: 'Signs a representative out of the console.',
    run: async ({ tx, by, now, ids: { id = 0 } }) => {
      if ((await findRights(tx, id)) === null) return null;
      const { username } = await requireSignedIn(tx, id, now);
      await closeConsoles(tx, id, now);
      await audit(tx, by, { action: 'representative.logout', target: username });
      return {};
    },
  },
  {
    // The method and the path are taken from the name of the public page; its text is not public.
    ...{ method: 'PUT', path: '/user/{id}/status', needs: 'full_access', status: 200, body: schemas.StatusInput },
    ...{ summary: 'Sets the status of a representative.', answers: schemas.Message },
    run: async ({ tx, by, now, ids: { id = 0 }, body }) => {
      if ((await findRights(tx, id)) === null) return null;
      const status = statusOf(schemas.StatusInput.parse(body).code_name);
      const { username } = await requireSignedIn(tx, id, now);
      await setStatus(tx, id, status, now);
      await audit(tx, by, { action: 'representative.status', target: username, change: { status } });
      return { body: { message: 'Representative status was set' } };
    },
  },
  {
    // Ours: version 1 has the teams, and nothing public says where they are in version 2.
    ...{ method: 'GET', path: '/team', needs: 'read_only', status: 200, paged: true, list: true },
    ...{ summary: 'Support teams with their issues and members.', answers: schemas.SupportTeam },
    run: async ({ tx, page: { limit, offset } }) => {
      const [teams, issues] = [await listTeams(tx, true), await listIssues(tx)];
      const body = teams.slice(offset, offset + limit).map(({ id, name, codeName, members }) => ({
        ...{ id, name, code_name: codeName },
        issues: issues
          .filter(({ teamId }) => teamId === id)
          .map((issue) => ({ id: issue.id, code_name: issue.codeName, description: issue.description })),
        members: members.map((member) => ({
          ...{ id: member.userId, username: member.username, display_name: member.name, role: member.role },
        })),
      }));
      return { body, total: teams.length };
    },
  },
];
