export { type Happening, writeActivity } from './activities.ts';
export { type Connectivity, connectivityOf, signsOf, worstConnectivity } from './connectivity.ts';
export { deleteLeftovers } from './delete.ts';
export { KeptFault, keepFault, toFaultWords } from './fault-words.ts';
export { migrations } from './migrations.ts';
export { type ConnectionRouteParts, serveConnections } from './routes.ts';
export { revealSettings } from './settings.ts';
export {
  type Checked,
  findConnection,
  listConnections,
  type StoredConnection,
  type StreamState,
  saveCheck,
  saveTold,
} from './store.ts';
