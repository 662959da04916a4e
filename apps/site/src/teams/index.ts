export { migrations } from './migrations.ts';
export { groupPolicyTeams, teams, teamUsers } from './model.ts';
export { listTeams, listTeamsOf, type TeamWithMembers } from './store.ts';
