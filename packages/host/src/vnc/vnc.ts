import type { Duplex } from 'node:stream';
import type { Secret } from '@gatehouse/kernel';

/**
 * One signed-in VNC connection. Until here a failure is a Fault: `unreachable`, `unauthorized`, `throttled`, `forbidden`,
 * `misconfigured`, `unsupported` or `unexpected`. No Fault repeats a secret.
 */
export interface Vnc {
  /** How the endpoint was signed in to. */
  readonly security: VncSecurity;
  /** Of the public key that the endpoint proved to have, `SHA256:…`; null where it showed no certificate. */
  readonly fingerprint: string | null;
  readonly screen: VncScreen;
  /** Everything after ServerInit. Both sides wait for a slow one. */
  readonly stream: Duplex;
  /** Harmless when it is closed already. */
  close(): void;
}

/** From the strongest to the weakest, which is the order in which they are chosen. */
export const vncSecurities = [
  'X509Plain',
  'X509Vnc',
  'X509None',
  // Encrypted, but to whoever is there: better without the password itself.
  'TLSVnc',
  'TLSPlain',
  'TLSNone',
  'VncAuth',
  'None',
] as const;
export type VncSecurity = (typeof vncSecurities)[number];

/** What the endpoint says of its screen as the session begins. */
export interface VncScreen {
  readonly width: number;
  readonly height: number;
  /** Untrusted text, at most 4,096 bytes of it. */
  readonly name: string;
  readonly pixels: PixelFormat;
  /** The whole message, as it came. */
  readonly bytes: Buffer;
}

export interface PixelFormat {
  readonly bitsPerPixel: 8 | 16 | 32;
  readonly depth: number;
  readonly isTrueColour: boolean;
  /** Of red, green and blue. */
  readonly most: readonly [number, number, number];
}

export interface VncOptions {
  /** Name or address; nothing ever connects elsewhere. */
  readonly host: string;
  /** Default 5900. */
  readonly port?: number;
  /** The system's name as people know it. */
  readonly system: string;
  /** Where `host` leads, checked by the caller: connects there and looks no name up itself. */
  readonly addresses?: readonly string[];
  /** Empty: only a password is known, so ways that ask for an account are not taken. */
  readonly account: string;
  /** The challenge of VNC's own password (VncAuth, X509Vnc, TLSVnc) uses its first eight bytes. */
  readonly password: Secret;
  readonly trust: VncTrust;
  readonly bounds?: Partial<VncBounds>;
  /** Another way there than a connection from this machine: through a Jumpoint. @throws Fault */
  dial?(): Promise<Duplex>;
}

/** Which endpoint is the right one. It is settled before anything about the account is said. */
export type VncTrust =
  /** Of its public key, `SHA256:…`. An endpoint that shows no certificate is then refused. */
  | { readonly kind: 'pinned'; readonly fingerprint: string }
  /** Told where there is a certificate, once the endpoint has proved to have its key; throwing ends the connection. */
  | { readonly kind: 'first-use'; onKey(fingerprint: string): Promise<void> }
  | { readonly kind: 'any' };

export interface VncBounds {
  /** Milliseconds until the endpoint has greeted as VNC servers do. Default 10,000. */
  readonly connectMs: number;
  /** Milliseconds from there until it has told of its screen. Default 30,000. */
  readonly signInMs: number;
}
