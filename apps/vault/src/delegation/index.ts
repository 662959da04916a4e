export { migrations } from './migrations.ts';
export { type GlobalRights, type Right, type Rights, rights, rightTitles } from './model.ts';
export { globalRightsOf, listsOf, rightsOn, rightsOnCredential } from './rights.ts';
export {
  type ApiRegistration,
  type Delegation,
  deleteDelegation,
  deleteRegistration,
  findRegistrationByKey,
  type GlobalPermission,
  type ImpersonationMapping,
  insertRegistration,
  listDelegations,
  listGlobalPermissions,
  listImpersonationMappings,
  listRegistrations,
  mayImpersonate,
  needsRegistration,
  putDelegation,
  type Scope,
  setGlobalPermission,
  setImpersonation,
  updateRegistration,
} from './store.ts';
