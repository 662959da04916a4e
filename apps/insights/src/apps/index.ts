export { lookAtApps } from './look.ts';
export { migrations } from './migrations.ts';
export { serveApps } from './routes.ts';
