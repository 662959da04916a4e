export { apiBase } from './api-base.ts';
export { type Door, type LeaseBook, longestKept, withCredential } from './lease-book.ts';
export { quoted } from './quoted.ts';
export type { Token, Tokens } from './tokens.ts';
export {
  type AnyVault,
  type Credential,
  defineVault,
  type Endpoint,
  erasedVault,
  type Lease,
  type Listing,
  type Protocol,
  protocols,
  type Question,
  type Retrieval,
  type Retrieved,
  type Vault,
} from './vault.ts';
