import type { Duplex } from 'node:stream';
import type { Secret } from '@gatehouse/kernel';

/** A remote desktop that has been reached and, where it takes credentials before it shows anything, let one in. */
export interface Rdp {
  /** The answer to the connection request as it came, with its TPKT header. */
  readonly confirm: Buffer;
  readonly protocol: 'tls' | 'nla';
  /** DER, the host's own first. */
  readonly certificates: readonly Buffer[];
  /** `SHA256:` and the Base64 digest of the public key that the host proved to have. */
  readonly fingerprint: string;
  /** What comes behind TLS and network level authentication: the client speaks first. Both sides wait for a slow one. */
  readonly stream: Duplex;
  /** Harmless when it is closed already. */
  close(): void;
}

export interface RdpOptions {
  /** Name or address; nothing ever connects elsewhere. */
  readonly host: string;
  /** Default 3389. */
  readonly port?: number;
  /** The system's name as people know it. */
  readonly system: string;
  /** Where `host` leads, checked by the caller: connects there and looks no name up itself. */
  readonly addresses?: readonly string[];
  readonly trust: RdpTrust;
  /** PEM of the authorities whose certificate for `host` needs no pin. Default: those that this process knows. */
  readonly authorities?: readonly string[];
  readonly account: RdpAccount;
  readonly bounds?: Partial<RdpBounds>;
  /** Another way there than a connection from this machine: through a Jumpoint. @throws Fault */
  dial?(): Promise<Duplex>;
}

export interface RdpAccount {
  readonly username: string;
  readonly domain: string | null;
  readonly password: Secret;
}

/**
 * Which host is the right one; settled before anything about the account is said. Certificates of remote desktops vouch
 * for themselves more often than not and are renewed by nobody, so their dates and issuers do not count for these.
 */
export type RdpTrust =
  /** `SHA256:` and the Base64 digest of its public key; or a certificate for `host` of a known authority, which may replace it. */
  | { readonly kind: 'pinned'; readonly fingerprint: string }
  /** Told once the host has proved to have its key; throwing ends the connection. */
  | { readonly kind: 'first-use'; onKey(fingerprint: string): Promise<void> }
  | { readonly kind: 'any' };

export interface RdpBounds {
  /** Milliseconds until the connection is there and the host has said what it speaks. Default 10,000. */
  readonly connectMs: number;
  /** Milliseconds for TLS, the caller's look at the key included. Default 15,000. */
  readonly tlsMs: number;
  /** Milliseconds for network level authentication. Default 30,000. */
  readonly signInMs: number;
}
