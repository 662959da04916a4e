export { findReach, listReach } from './reach.ts';
export { serveReach } from './routes.ts';
