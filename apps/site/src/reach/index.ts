export type { Obstacle, Reach } from './model.ts';
export { findReach, listReach } from './reach.ts';
export { serveReach } from './routes.ts';
