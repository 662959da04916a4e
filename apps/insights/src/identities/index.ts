export { correlating } from './after-read.ts';
export { toPrivilegeWord } from './find-identity.ts';
export { migrations } from './migrations.ts';
export { type IdentityRouteParts, registerIdentityRoutes } from './routes.ts';
