export { parseAddress } from './address.ts';
export { findListedCredential, listCredentials, listSeenBy } from './list.ts';
export { migrations } from './migrations.ts';
export {
  type Credential,
  type CredentialName,
  type CredentialType,
  credentialTypes,
  namespaceOf,
  placeOf,
  type System,
  type SystemKind,
  systemKinds,
  typesOf,
  wordsOf,
} from './model.ts';
export { serveCredentials } from './routes.ts';
export { storeEntered } from './secrets.ts';
export { findSet, findSetByName, listSets, type ManagementSet, putSet, setMember } from './sets.ts';
export {
  credentialColumns,
  findCredential,
  findCredentialsByName,
  findSystem,
  keepFormer,
  listFormer,
  makeCurrent,
  readCurrentSecret,
  storeSecret,
} from './store.ts';
export { listSystems, putSystem } from './systems.ts';
export { insertCredential, setRandom } from './write.ts';
