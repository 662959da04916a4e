export { createLink, type Standing } from './link.ts';
export { createServes } from './serves.ts';
export { createSiteTokens, type SiteAccount, siteSystem } from './site-token.ts';
