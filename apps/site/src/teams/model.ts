import { groupPolicyTeam, team, teamUser } from '../api/teams.ts';
import { groupPolicies } from '../group-policies/index.ts';
import { codeNamed, type Kind, Refusal } from '../objects/index.ts';
import { deleteTeam, isWaitedFor } from './store.ts';

export const teams: Kind = {
  shape: team,
  noun: 'team',
  reads: 'teams',
  writes: 'teams',
  search: ['name', 'code_name', 'comments'],
  complete: codeNamed('teams', 'name'),
  remove: async (tx, before) => {
    const id = Number(before.id);
    if (await isWaitedFor(tx, id)) throw new Refusal([], 'Customers wait in the queue of this team.');
    await deleteTeam(tx, id);
  },
};

export const teamUsers: Kind = {
  shape: teamUser,
  noun: 'team-user',
  reads: 'team_users',
  writes: 'team_users',
  key: 'user_id',
  parent: { column: 'team_id', kind: teams },
  search: [],
};

export const groupPolicyTeams: Kind = {
  shape: groupPolicyTeam,
  noun: 'group-policy-team',
  reads: 'group_policy_teams',
  writes: 'group_policy_teams',
  key: 'team_id',
  parent: { column: 'group_policy_id', kind: groupPolicies },
  search: [],
};
