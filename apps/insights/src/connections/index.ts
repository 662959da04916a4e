export { writeActivity } from './activities.ts';
export type { AgentHooks } from './change.ts';
export { connectivityOf, signsOf, worstConnectivity } from './connectivity.ts';
export { deleteLeftovers } from './delete.ts';
export { KeptFault, keepFault, toFaultWords } from './fault-words.ts';
export { migrations } from './migrations.ts';
export { serveConnections } from './routes.ts';
export { revealSettings } from './settings.ts';
export {
  type Checked,
  findConnection,
  type KeptCaveat,
  listConnections,
  type StoredConnection,
  type StreamState,
  saveCheck,
  saveTold,
} from './store.ts';
