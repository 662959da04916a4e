export { migrations } from './migrations.ts';
export { serveTeams } from './routes.ts';
export { findTeam } from './store.ts';
