export { listRightsOf } from './lists.ts';
export { migrations } from './migrations.ts';
export { type GlobalRights, type Right, type Rights, rights, rightTitles } from './model.ts';
export { globalRightsOf, listsOf, rightsOn, rightsOnCredential } from './rights.ts';
export { serveDelegation } from './routes.ts';
export {
  type ApiRegistration,
  findRegistrationByKey,
  insertRegistration,
  mayImpersonate,
  needsRegistration,
  putDelegation,
  type Scope,
  setGlobalPermission,
  setImpersonation,
} from './store.ts';
