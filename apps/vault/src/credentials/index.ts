export { migrations } from './migrations.ts';
export { type Credential, type CredentialType, placeOf, type System, type SystemKind, wordsOf } from './model.ts';
export { serveCredentials } from './routes.ts';
export { findSet } from './sets.ts';
export {
  credentialColumns,
  findCredential,
  findCredentialsByName,
  findSystem,
  keepFormer,
  listFormer,
  lockCredential,
  makeCurrent,
  readCurrentSecret,
  storeSecret,
} from './store.ts';
export { setRandom } from './write.ts';
