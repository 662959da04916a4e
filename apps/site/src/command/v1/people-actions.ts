import { audit } from '@gatehouse/server';
import { z } from 'zod';
import { writeTime } from '../../api/shape.ts';
import { type Issue, listIssues } from '../../issues/index.ts';
import { closeConsoles, listSignedIn, setStatus } from '../../support/index.ts';
import { listTeams, type TeamWithMembers } from '../../teams/index.ts';
import { type Element, element, flag, words } from '../../xml-api/index.ts';
import { findRepresentative, statusOf, who } from '../people.ts';
import { defineAction } from './action.ts';

export const getLoggedInReps = defineAction({
  ...{ name: 'get_logged_in_reps', needs: 'read_only', parameters: z.object({}) },
  run: async ({ read }) => {
    const present = await read((tx, now) => listSignedIn(tx, now));
    return element(
      'logged_in_reps',
      present.map(({ userId, name, since, sessions }) =>
        element(
          'rep',
          [
            element('display_name', name),
            element('public_display_name', name),
            element('private_display_name', name),
            element('type', 'Normal'),
            // There is no list of representatives that customers choose from, and no link that leads to one.
            element('direct_link'),
            element('logged_in_since', writeTime(since), { ts: Math.floor(since.getTime() / 1_000) }),
            element('presentation_count', 0),
            element('support_session_count', sessions),
            element('showing_on_rep_list', 0),
          ],
          { id: userId },
        ),
      ),
    );
  },
});

// Where a description of the answer beyond its root is not public, it is ours: issues and members stand in the team.
export const getSupportTeams = defineAction({
  ...{ name: 'get_support_teams', needs: 'read_only', parameters: z.object({ showmembers: flag }) },
  run: async ({ read, parameters: { showmembers } }) =>
    read(async (tx) => {
      const [teams, issues] = [await listTeams(tx, showmembers), await listIssues(tx)];
      return element(
        'support_teams',
        teams.map((team) => toTeam(team, issues, showmembers)),
      );
    }),
});

const toTeam = (
  { id, name, codeName, members }: TeamWithMembers,
  issues: readonly Issue[],
  withMembers: boolean,
): Element =>
  element(
    'support_team',
    [
      element('name', name),
      element('code_name', codeName),
      element(
        'issues',
        issues
          .filter(({ teamId }) => teamId === id)
          .map((issue) =>
            element('issue', [element('title', issue.description), element('code_name', issue.codeName)], {
              id: issue.id,
            }),
          ),
      ),
      ...(withMembers
        ? [
            element(
              'members',
              members.map((member) =>
                element(
                  'representative',
                  [
                    element('username', member.username),
                    element('display_name', member.name),
                    element('role', member.role),
                  ],
                  { id: member.userId },
                ),
              ),
            ),
          ]
        : []),
    ],
    { id },
  );

const codeName = words(64, 1).optional();

// Read-only accounts are said to be enough for this elsewhere; what changes something takes full access here. Its parameters
// are not public: the known program says `user_id` and `status`.
export const setRepStatus = defineAction({
  ...{ name: 'set_rep_status', needs: 'full_access' },
  parameters: z.object({ ...who, code_name: codeName, status: codeName }),
  run: async ({ change, parameters }) =>
    change(async ({ tx, by, now }) => {
      const status = statusOf(parameters.code_name ?? parameters.status ?? '');
      const { username, userId } = await findRepresentative(tx, parameters, now);
      await setStatus(tx, userId, status, now);
      await audit(tx, by, { action: 'representative.status', target: username, change: { status } });
      return element('success', 'Representative status was set');
    }),
});

export const logoutRep = defineAction({
  ...{ name: 'logout_rep', needs: 'full_access', parameters: z.object(who) },
  run: async ({ change, parameters }) =>
    change(async ({ tx, by, now }) => {
      const { username, userId } = await findRepresentative(tx, parameters, now);
      await closeConsoles(tx, userId, now);
      await audit(tx, by, { action: 'representative.logout', target: username });
      return element('success', 'Representative successfully logged out');
    }),
});
