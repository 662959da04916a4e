export { migrations } from './migrations.ts';
export { serveCustomPlatforms } from './routes.ts';
export { findCustomPlatform } from './store.ts';
