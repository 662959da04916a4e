export { migrations } from './migrations.ts';
export {
  type Credential,
  type CredentialName,
  type CredentialType,
  credentialTypes,
  placeOf,
  type System,
  type SystemKind,
  systemKinds,
  wordsOf,
} from './model.ts';
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
