import type { Duplex } from 'node:stream';
import type { Secret } from '@gatehouse/kernel';
import type { HostTrust } from './trust.ts';

/** What a protocol of desktops needs to serve one browser. */
export interface DesktopErrand {
  readonly endpoint: { readonly name: string; readonly hostname: string; readonly port: number };
  /** How it is reached: `dial` where that is not from here. */
  readonly way?: { dial?(): Promise<Duplex> };
  readonly credential: { readonly username: string; readonly domain: string | null; readonly password: Secret };
  /** What the browser sends and is sent, as bytes. Both sides wait for a slow one. */
  readonly browser: Duplex;
  readonly rules: { readonly clipboard: boolean };
  /** By which certificate the endpoint is known, where the protocol has any. */
  readonly trust: HostTrust;
  /**
   * Is given everything that is sent to the browser, in order and before it is sent; wait for it, so that nothing is
   * seen that is not recorded.
   */
  record(bytes: Buffer): Promise<void>;
  /** Its person typed, or moved the pointer. */
  onInput(): void;
  /** The endpoint let the credential in. */
  onOpen(): void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Connects to the endpoint, signs in with the credential, and carries bytes between it and the browser until one of them
 * ends it. The browser is never sent the credential. Resolves when it is over.
 * @throws Fault `unreachable`, `unauthorized`, `forbidden`, `misconfigured`, `unsupported` or `unexpected`, with advice
 */
export type ServeDesktop = (errand: DesktopErrand) => Promise<void>;
