import type { Host, HostKey } from '@gatehouse/host';
import type { Secret } from '@gatehouse/kernel';

/**
 * One kind of system on which a credential is checked and changed. Every failure is a Fault without a secret in it.
 * Nothing here decides what a new password looks like, when one is due, or what is kept.
 */
export interface Platform {
  /** Database value. Never changes. */
  readonly id: PlatformId;
  readonly title: string;
  /** The kind of proof that it changes. */
  readonly proof: Proof['kind'];
  /**
   * Throws a `misconfigured` Fault for a name that the platform does not know or that could be taken for more than a
   * name (quotes, control characters, a leading dash). `verify` and `change` begin with it.
   */
  checkAccount(account: ManagedAccount): void;
  /**
   * Signs in as the account with this proof and out again. True: let in; false: the system refuses exactly this proof.
   * Throws a Fault for anything else: unreachable, another host key, locked, disabled, expired, must be changed.
   */
  verify(system: ManagedSystem, account: ManagedAccount, proof: Proof, context: Context): Promise<boolean>;
  /**
   * Makes `next` the account's proof. Returning says that the system took it; any throw is a `ChangeFault`, which says
   * whether it surely was not made or nobody knows. Asking again for the same `next` does no harm.
   */
  change(system: ManagedSystem, account: ManagedAccount, by: By, next: Proof, context: Context): Promise<void>;
  /**
   * Where old and new are good side by side after `change`: ends the old one, signed in with the new one, which was
   * verified before. Idempotent. Absent where `change` alone does it.
   */
  finish?(
    system: ManagedSystem,
    account: ManagedAccount,
    next: Proof,
    previous: Proof,
    context: Context,
  ): Promise<void>;
}

export const platformIds = [
  'linux-password',
  'ssh-key',
  'active-directory',
  'postgresql',
  'mysql',
  'sqlserver',
  'custom',
] as const;
export type PlatformId = (typeof platformIds)[number];

/** Where accounts are. */
export interface ManagedSystem {
  /** As people know it; it stands in every Fault. */
  readonly name: string;
  /** Host name or address; nothing ever connects elsewhere. */
  readonly address: string;
  /** Null: the platform's usual one. */
  readonly port: number | null;
  /** Where `address` leads, checked by the caller: connects there and looks no name up. */
  readonly addresses?: readonly string[];
  readonly trust: Trust;
}

/** What the system must prove before it sees a secret. */
export type Trust =
  /** SSH: fingerprints as OpenSSH prints them. */
  | { readonly kind: 'host-key'; readonly fingerprints: readonly string[] }
  /** SSH, first use: any key, which is kept once the account is signed in and before anything is done there. */
  | FirstUse
  /** TLS: a certificate for `address` by these authorities, PEM; null: those of this server. */
  | { readonly kind: 'certificate'; readonly authorities: string | null }
  /** No TLS: a choice that an administrator made for this system, as for a database on the same machine. */
  | { readonly kind: 'unencrypted' };

export interface FirstUse {
  readonly kind: 'first-use';
  /** Whether to go on with a host that shows this key: not where another one was kept meanwhile. */
  isTrusted(key: HostKey): boolean | Promise<boolean>;
  /** Keeps the key of a host that let the account in. @throws Fault where another one was kept a moment ago */
  keep(key: HostKey): void | Promise<void>;
}

/** Which account: the vault's identity of a credential without its system. */
export interface ManagedAccount {
  /** Active Directory: the domain, `CORP` or `corp.example`. Elsewhere it only tells accounts apart. */
  readonly namespace: string;
  readonly name: string;
  /** Databases: the database to sign in to, or the instance of SQL Server; empty: the platform's usual one. */
  readonly instance: string;
}

export type Proof =
  | { readonly kind: 'password'; readonly password: Secret }
  | { readonly kind: 'ssh-key'; readonly privateKey: Secret; readonly passphrase: Secret | null };

/** Who makes a change. */
export type By =
  /** The account itself, with its present proof. */
  | { readonly kind: 'self'; readonly proof: Proof }
  /** A login account that may change others. `current`: the account's present proof, where it is known. */
  | { readonly kind: 'login'; readonly account: ManagedAccount; readonly proof: Proof; readonly current: Proof | null };

export interface Context {
  /** The way out: it carries the signal that ends whatever is under way. */
  readonly host: Host;
}
