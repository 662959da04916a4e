export { listRightsOf } from './lists.ts';
export { migrations } from './migrations.ts';
export type { GlobalRights, Right, Rights } from './model.ts';
export { globalRightsOf, hasAllAccess, listsOf, noRights, rightsOn, rightsOnCredential } from './rights.ts';
export { serveDelegation } from './routes.ts';
export {
  findRegistrationByKey,
  insertRegistration,
  mayImpersonate,
  needsRegistration,
  putDelegation,
  setGlobalPermission,
  setImpersonation,
} from './store.ts';
