export { migrations } from './migrations.ts';
export { serveRetention } from './routes.ts';
export { startSweep } from './sweep.ts';
