export { fetchRelease } from './fetch-release.ts';
export { leaveSite } from './leave.ts';
export { keepLine, type Standing } from './link.ts';
export { siteSystem } from './serves.ts';
