import type { Secret } from '@gatehouse/kernel';

/** A token of a vault and until when it is good. */
export interface Token {
  readonly value: Secret;
  /** Null where the vault does not say: it is used until the vault refuses it. */
  readonly expiresAt: Date | null;
}

/**
 * Tokens of a vault, one for each identity that the plugin acts as, kept by the host: over restarts, and never readable
 * on the disk. There is never more than one log-in under way for one identity.
 */
export interface Tokens {
  /**
   * Runs `use` with the token of an identity, logging in first where there is none or it has expired. Where `use` throws
   * an `unauthorized` Fault the token is dropped and all of it happens once more; the second Fault is thrown. A log-in
   * that fails is thrown at once, because vaults lock out whoever repeats it. What `logIn` and `use` throw comes through
   * as it is. `identity` has at most 2,000 characters.
   */
  using<T>(identity: string, logIn: () => Promise<Token>, use: (token: Secret) => Promise<T>): Promise<T>;
  /** Forgets the token of an identity, as after a log-out. */
  forget(identity: string): Promise<void>;
}
