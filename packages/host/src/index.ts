export { createHost, type HostOptions, type KnownLimit, type RunHost } from './create-host.ts';
export type { LogLine } from './exchange.ts';
export type {
  Answer,
  AnswerHead,
  Explanation,
  Host,
  Http,
  HttpOptions,
  LimitState,
  OutgoingRequest,
  Refusal,
  RequestOptions,
  Wait,
} from './host.ts';
export { inTurns } from './in-turns.ts';
export { filterValue } from './ldap/filter.ts';
export type {
  DirSync,
  Ldap,
  LdapBounds,
  LdapControls,
  LdapEntry,
  LdapOptions,
  LdapPage,
  LdapQuery,
  RootDse,
} from './ldap/ldap.ts';
export { ldapCodeOf } from './ldap/result-faults.ts';
export type { Cursor, Page, Whole } from './page.ts';
export { nextLink } from './pinning.ts';
export { type Readable, readable } from './readable.ts';
export { isSecretName, isSecretShaped, redact } from './redact.ts';
export { asFault, resumesAt, statusOf } from './words.ts';
