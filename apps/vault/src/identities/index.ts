export {
  type Directories,
  type Directory,
  type DomainAccount,
  listDirectories,
  openDirectories,
  placeOfDirectory,
} from './directories.ts';
export { migrations } from './migrations.ts';
export { type Actor, type Identity, type IdentityKind, identityKinds, identityTypes, isSomebody } from './model.ts';
export {
  deleteIdentity,
  findGroups,
  findIdentity,
  findIdentityByName,
  findIdentityOfPerson,
  findPasswordHash,
  type IdentityChange,
  insertIdentity,
  listHeld,
  listIdentities,
  listRoleMembers,
  type NewIdentity,
  setRoleMember,
  updateIdentity,
} from './store.ts';
