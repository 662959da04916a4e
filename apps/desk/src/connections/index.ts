export { type OpenConnection, type OpenDesk, openConnections } from './client.ts';
export { migrations } from './migrations.ts';
export { serveConnections } from './routes.ts';
export {
  type Connection,
  findBySecret,
  findComparisons,
  findConnection,
  listConnections,
  saveComparisons,
} from './store.ts';
