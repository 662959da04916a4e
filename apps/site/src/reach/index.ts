export { migrations } from './migrations.ts';
export { obstacleWords, type Reach } from './model.ts';
export { findReach, judgeWays, listReach } from './reach.ts';
export { serveReach } from './routes.ts';
export { saveFavourite } from './store.ts';
export { ledBy, Way, ways } from './ways.ts';
