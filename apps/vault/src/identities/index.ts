export { type Directories, type DomainAccount, openDirectories } from './directories.ts';
export { migrations } from './migrations.ts';
export { type Actor, type Identity, type IdentityKind, isSomebody } from './model.ts';
export { serveIdentities } from './routes.ts';
export {
  deleteIdentity,
  findGroups,
  findIdentity,
  findIdentityByName,
  findIdentityOfPerson,
  findPasswordHash,
  findSecondFactor,
  heldBy,
  identityObject,
  insertIdentity,
  listHeld,
  placeOfIdentity,
  setRoleMember,
  updateIdentity,
  useStep,
} from './store.ts';
export { stepOf } from './totp.ts';
