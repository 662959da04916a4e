export { migrations } from './migrations.ts';
export { serveKeys } from './routes.ts';
export { startLink } from './start-link.ts';
export { findStarts } from './starts.ts';
export { forgetKeys } from './store.ts';
