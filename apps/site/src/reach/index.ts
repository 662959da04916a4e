export { migrations } from './migrations.ts';
export { obstacleWords, type Reach } from './model.ts';
export { findReach, listReach } from './reach.ts';
export { serveReach } from './routes.ts';
export { saveFavourite } from './store.ts';
