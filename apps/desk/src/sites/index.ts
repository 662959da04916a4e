export { type OpenSite, openSites, type SiteClient } from './client.ts';
export { migrations } from './migrations.ts';
export { serveSites } from './routes.ts';
export { findSite, type Site } from './store.ts';
