import { randomBytes } from 'node:crypto';
import { type Duplex, duplexPair } from 'node:stream';
import { Secret } from '@gatehouse/kernel';
import type { DesktopErrand } from '../../desktop.ts';
import { serveVnc } from '../serve-vnc.ts';
import { browserSays, pixels } from './rfb-words.ts';

/** A browser by hand: what it is sent is kept, byte by byte. */
export interface RfbClient {
  readonly says: (...messages: readonly Buffer[]) => void;
  readonly browser: Duplex;
  readonly seen: () => Buffer;
  readonly recorded: () => Buffer;
  readonly opened: () => number;
  readonly inputs: () => number;
  /** How the serving ended: null, or what it threw. */
  readonly over: Promise<unknown>;
  readonly leave: AbortController;
}

export const rfbClient = (
  endpoint: { readonly port: number },
  more: { clipboard?: boolean; password?: string; username?: string; reads?: boolean } & Partial<DesktopErrand> = {},
): RfbClient => {
  const { clipboard = true, password = randomBytes(8).toString('hex'), username = '', reads = true, ...others } = more;
  const [browser, served] = duplexPair();
  const [seen, recorded]: [Buffer[], Buffer[]] = [[], []];
  const leave = new AbortController();
  let opened = 0;
  let inputs = 0;
  if (reads) browser.on('data', (bytes: Buffer) => seen.push(bytes));
  const over = serveVnc({
    endpoint: { name: 'Desk', hostname: '127.0.0.1', port: endpoint.port },
    credential: { username, domain: null, password: new Secret(password) },
    ...{ browser: served, rules: { clipboard }, trust: { kind: 'any' }, signal: leave.signal },
    record: async (bytes) => void recorded.push(bytes),
    onInput: () => void inputs++,
    onOpen: () => void opened++,
    ...others,
  }).then(
    () => null,
    (error: unknown) => error,
  );
  return {
    says: (...messages) => void browser.write(Buffer.concat(messages)),
    ...{ browser, over, leave },
    seen: () => Buffer.concat(seen),
    recorded: () => Buffer.concat(recorded),
    ...{ opened: () => opened, inputs: () => inputs },
  };
};

/** Greets, and asks for the whole screen with these encodings. */
export const looks = (client: RfbClient, ...encodings: number[]): void =>
  client.says(
    browserSays.hello,
    browserSays.pixelFormat(pixels),
    browserSays.encodings(...encodings),
    browserSays.ask(false),
  );

/** Where a secret stands in bytes: as it is, in hex, or in Base64 at any of its three offsets. */
export const findsSecret = (bytes: Buffer, secret: string): readonly string[] => {
  const text = bytes.toString('latin1');
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]).toString('base64');
    return encoded.slice(offset === 0 ? 0 : offset + 1).replace(/.?=*$/, '');
  });
  const hex = Buffer.from(secret).toString('hex');
  return [secret, ...base64, hex, hex.toUpperCase()].filter((form) => text.includes(form));
};
