import type { Secret } from '@gatehouse/kernel';

/** One directory over LDAP, always encrypted, always signed in. Faults are of the six kinds; waits are the host's. */
export interface Ldap {
  /** What the controller says about itself and its forest (MS-ADTS 3.1.1.3.2). Throws a Fault. */
  rootDse(): Promise<RootDse>;
  /**
   * The entries that match, page by page. Whoever takes the first page gets no other unasked; whoever takes a second is
   * read ahead by one page. Throws a Fault.
   *
   * The cookie of paged results belongs to one connection and is therefore not handed out: when the controller goes away
   * between two pages the Fault is `unreachable`, the next search uses the next controller, and it starts again. A read
   * that must go on where it stopped asks for windows of `uSNChanged`, which count for one `controller` only, or uses
   * DirSync, whose cookie may be stored.
   */
  search(query: LdapQuery): AsyncIterable<LdapPage>;
  /**
   * Changes one entry, all of it or nothing (RFC 4511 4.6). Sent once and never repeated. Throws a Fault; where
   * `ldapCodeOf` of it is null no answer came, and nobody knows whether it was made.
   */
  modify(dn: string, changes: readonly LdapChange[]): Promise<void>;
  /** Signs off and closes the connection; a later search opens a new one. Unused connections close by themselves. */
  close(): void;
}

export interface LdapChange {
  readonly operation: 'add' | 'delete' | 'replace';
  readonly attribute: string;
  readonly values: readonly Buffer[];
}

export interface LdapOptions {
  /**
   * Domain controllers in the order they are tried: `ldaps://dc1.corp.example:636`, or `ldap://dc1.corp.example:389`,
   * where StartTLS comes before anything else is said. Nothing ever connects elsewhere.
   */
  readonly controllers: readonly string[];
  /** The system's name as people know it: "Active Directory corp.example". */
  readonly system: string;
  /** The only certificate authorities that are trusted, PEM. Default: those of this server. */
  readonly certificateAuthorities?: string;
  /** `gatehouse@corp.example`, `CORP\gatehouse` or a distinguished name. */
  readonly bindName: string;
  readonly password: Secret;
  /** Where the names of controllers lead, checked by the caller: connects there and looks no name up itself. */
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  readonly bounds?: Partial<LdapBounds>;
}

/** How long a controller may take, and how much it may send. */
export interface LdapBounds {
  /** Milliseconds until a controller is connected and the connection encrypted. Default 10,000. */
  readonly connectMs: number;
  /** Milliseconds until the first byte of an answer. Default 60,000. */
  readonly answerMs: number;
  /** Milliseconds of silence in the middle of an answer. Default 30,000. */
  readonly idleMs: number;
  /** Largest entry, in bytes. Default 16 MiB. */
  readonly entryBytes: number;
  /** Largest page, in bytes. Default 64 MiB. */
  readonly answerBytes: number;
}

export interface LdapQuery {
  /** Distinguished name; `''` is the root DSE. */
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  /** As text (RFC 4515); values that come from elsewhere go through `filterValue`. Default: every entry. */
  readonly filter?: string;
  /** Default: all that are not operational or constructed. */
  readonly attributes?: readonly string[];
  readonly controls?: LdapControls;
}

export interface LdapControls {
  /** Entries of a page (1.2.840.113556.1.4.319). Default 1,000, the most that a controller gives; DirSync has no pages. */
  readonly pageSize?: number;
  /** Parts of `nTSecurityDescriptor` (…801): 1 owner, 2 group, 4 DACL, 8 SACL, which takes a right of its own. */
  readonly sdFlags?: number;
  /** Tombstones and recycled objects too (…417). */
  readonly showDeleted?: boolean;
  /** Every distinguished name with the GUID and the SID of its object before it (…529): `<GUID=…>;<SID=…>;CN=…`. */
  readonly extendedDn?: boolean;
  /** Changes since a cookie (…841, MS-ADTS 3.1.1.3.4.1.3). The base must be a naming context and the scope `sub`. */
  readonly dirSync?: DirSync;
}

export interface DirSync {
  /** Empty: from the beginning. */
  readonly cookie: Buffer;
  /** 1 object security, 0x800 ancestors first, 0x2000 public data only, 0x80000000 changed values only. */
  readonly flags: number;
  /** Largest answer, in bytes, as the control asks for it. Default 1 MiB. */
  readonly maxBytes?: number;
}

export interface LdapPage {
  readonly entries: readonly LdapEntry[];
  /** Host name and port of the controller that answered. USNs of one mean nothing to another. */
  readonly controller: string;
  /** After this page, where DirSync was asked for; `more` pages follow in the same search. */
  readonly dirSync: { readonly cookie: Buffer; readonly more: boolean } | null;
  /** Search references that came with this page (RFC 4511 4.5.3). They are never followed; at most twenty are named. */
  readonly references: { readonly count: number; readonly urls: readonly string[] };
}

export interface LdapEntry {
  readonly dn: string;
  /**
   * Values by the attribute's name in lower case, options kept (`usercertificate;binary`). They are views into what was
   * received: whoever keeps one keeps its neighbours too, so copy it or make text of it.
   */
  readonly attributes: ReadonlyMap<string, readonly Buffer[]>;
  /** Attributes whose values did not all come, because the entry changed or went away while they were fetched in ranges. */
  readonly incomplete: readonly string[];
}

export interface RootDse {
  /** Host name and port of the controller that answered. */
  readonly controller: string;
  readonly defaultNamingContext: string;
  readonly configurationNamingContext: string;
  readonly schemaNamingContext: string;
  readonly rootDomainNamingContext: string;
  readonly namingContexts: readonly string[];
  readonly dnsHostName: string;
  /** Name of the controller's NTDS settings; its `invocationId` says whose USNs these are. */
  readonly dsServiceName: string;
  readonly highestCommittedUSN: bigint;
  readonly supportedControl: readonly string[];
  readonly supportedCapabilities: readonly string[];
  /** 7 is Windows Server 2016; null where the server does not say. */
  readonly domainFunctionality: number | null;
  readonly forestFunctionality: number | null;
  readonly domainControllerFunctionality: number | null;
  /** The controller's clock. */
  readonly currentTime: Date | null;
}
