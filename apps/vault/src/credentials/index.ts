export { migrations } from './migrations.ts';
export {
  type Credential,
  type CredentialName,
  type CredentialType,
  placeOf,
  type System,
  type SystemKind,
  wordsOf,
} from './model.ts';
export { serveCredentials } from './routes.ts';
export { refuseSecret, storeGiven } from './secrets.ts';
export { findSet, insertSet, listNamesIn, listSetsSeenBy, type ManagementSet, setMember } from './sets.ts';
export {
  credentialColumns,
  findCredential,
  findCredentialsByName,
  findSystem,
  isNamed,
  keepFormer,
  listFormer,
  lockCredential,
  makeCurrent,
  readCurrentSecret,
  storeSecret,
} from './store.ts';
export { ensureSystem } from './systems.ts';
export { describeCredential, ensureCredential, setRandom } from './write.ts';
