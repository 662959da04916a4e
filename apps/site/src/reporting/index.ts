export { type Links, openLinks } from './downloads/links.ts';
export { migrations } from './migrations.ts';
export { serveReporting } from './serve-reporting.ts';
