export { migrations } from './migrations.ts';
export { serveRetention } from './routes.ts';
export { type Sweep, startSweep } from './sweep.ts';
