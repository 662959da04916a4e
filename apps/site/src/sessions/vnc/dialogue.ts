import type { PixelFormat } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';

/** What both directions of one session must know of each other, to know where a message ends. */
export interface Dialogue {
  readonly system: string;
  readonly clipboard: boolean;
  /** How the endpoint sends pixels. Settled before the first of them. */
  pixels: PixelFormat;
  /** The browser has asked for pixels. */
  hasAsked: boolean;
  /** What the endpoint has shown that it understands. Nothing else of it is sent there, because a server that does not know a message may take its rest for others. */
  readonly knows: Set<Extension>;
}

export type Extension = 'continuous updates' | 'fence' | 'desktop size' | 'extended key' | 'xvp' | 'extended clipboard';

/** Longer text of a clipboard is left out. */
export const mostClipboard = 1_048_576;

/** The browser sent what is no part of a session. */
export const pageFault = (detail: string): Fault =>
  new Fault(
    'unexpected',
    'The page sent something that is no part of a VNC session, so the session was ended. Load the page anew.',
    `from the browser: ${detail}`,
  );

/** The endpoint sent what cannot be told apart into messages, so nobody knows what it would mean to the browser. */
export const endpointFault = (system: string, detail: string): Fault =>
  new Fault(
    'unexpected',
    `${system} sent something that is no part of VNC as it is known here. The log of this server says what.`,
    `from the endpoint: ${detail}`,
  );
