export { type OpenConnection, type OpenDesk, openConnections } from './client.ts';
export { migrations } from './migrations.ts';
export { serveConnections } from './routes.ts';
export {
  type Connection,
  findBySecret,
  findComparisons,
  findConnection,
  findCursor,
  listConnections,
  saveComparisons,
  saveCursor,
} from './store.ts';
