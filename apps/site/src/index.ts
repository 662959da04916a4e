export { type Site, type SiteOptions, startSite } from './start.ts';
