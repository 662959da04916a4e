import type { Duplex } from 'node:stream';
import { Malformed, openRdp, type Rdp } from '@gatehouse/host';
import { Fault, toFault } from '@gatehouse/kernel';
import type { DesktopErrand, ServeDesktop } from '../desktop.ts';
import { browserSide, type Session } from './browser-side.ts';
import { answer, cleanPathLength, isRequest, refusal } from './clean-path.ts';
import { type Frames, framesOf, NoFrame, pduLength } from './frames.ts';
import { hostSide } from './host-side.ts';

/** How long a browser may take for its first word. */
const firstWordMs = 30_000;

/**
 * Remote desktops for a browser that speaks RDCleanPath and then the protocol itself, without TLS and without the account:
 * both are added here. What the browser says of where to connect and as whom is not looked at.
 */
export const serveRdp: ServeDesktop = async (errand) => {
  const { browser, signal } = errand;
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  // Whatever ends it, nobody waits for the other side any more.
  const left = () => over.abort();
  browser.once('close', left);
  browser.on('error', left);
  const frames = framesOf(browser);
  try {
    if (!(await asks(frames, browser))) return;
    // Read already, though it comes only after our answer: that somebody leaves is heard only by who listens.
    const first = frames.next(pduLength);
    first.then(
      (frame) => frame === null && left(),
      () => undefined,
    );
    const rdp = await connected(errand, ended);
    try {
      await serve(errand, rdp, [first, frames], ended);
    } finally {
      rdp.close();
    }
  } catch (error) {
    // Its person has left, or somebody ended it: that is no failure.
    if (!ended.aborted && !browser.destroyed) throw faultOf(error, errand.endpoint.name);
  } finally {
    browser.off('close', left);
    browser.destroy();
  }
};

const faultOf = (error: unknown, name: string): Fault => {
  if (error instanceof NoFrame || error instanceof Malformed)
    return new Fault(
      'unexpected',
      'The session was ended, because it was not understood what was said in it.',
      error.message,
    );
  if (error instanceof Error && 'code' in error)
    return new Fault('unreachable', `The connection to ${name} was lost.`, String(error.code));
  return toFault(error);
};

/** False when it left without a word. */
const asks = async (frames: Frames, browser: Duplex): Promise<boolean> => {
  const timer = setTimeout(() => browser.destroy(), firstWordMs);
  try {
    const request = await frames.next(cleanPathLength);
    if (request !== null && !isRequest(request)) throw new NoFrame('no request for a connection');
    return request !== null;
  } finally {
    clearTimeout(timer);
  }
};

/** What a Fault would be called on the web: RDCleanPath has no words of its own. */
const statuses: Readonly<Record<Fault['kind'], number>> = {
  ...{ misconfigured: 502, unauthorized: 401, forbidden: 403, unsupported: 501 },
  ...{ throttled: 503, unreachable: 504, unexpected: 500 },
};

const connected = async (errand: DesktopErrand, signal: AbortSignal): Promise<Rdp> => {
  const { endpoint, credential, trust } = errand;
  try {
    return await openRdp(
      {
        host: endpoint.hostname,
        port: endpoint.port,
        system: endpoint.name,
        account: credential,
        trust,
        ...errand.way,
      },
      { signal },
    );
  } catch (error) {
    if (!signal.aborted) await tell(errand, refusal(statuses[toFault(error).kind]));
    throw error;
  }
};

/** Recorded before it is sent. */
const tell = async ({ browser, record }: DesktopErrand, bytes: Buffer): Promise<void> => {
  await record(bytes);
  await write(browser, bytes);
};

const serve = async (
  errand: DesktopErrand,
  rdp: Rdp,
  [first, frames]: readonly [Promise<Buffer | null>, Frames],
  signal: AbortSignal,
): Promise<void> => {
  const { endpoint, credential, rules, onInput, onOpen } = errand;
  const { stream, confirm, certificates, protocol } = rdp;
  let isOpen = false;
  const open = () => {
    if (!isOpen) onOpen();
    isOpen = true;
  };
  if (protocol === 'nla') open();
  const session: Session = { asked: [], main: null, closed: new Set(), dynamic: null };
  const allowed = new Set(['drdynvc', ...(rules.clipboard ? ['cliprdr'] : [])]);
  const account = {
    ...{ username: credential.username, domain: credential.domain ?? '' },
    password: credential.password.reveal(),
  };
  const fromBrowser = browserSide({
    ...{ session, account, onInput, protocol: confirm.readUInt32LE(15) },
    mayHave: (channel) => allowed.has(channel),
  });
  const fromHost = hostSide({ session, name: endpoint.name, onDesktop: open });
  const stop = () => void stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await tell(errand, answer(plain(confirm), certificates));
    const hosts = framesOf(stream);
    await Promise.race([
      carry(first, frames, async (frame) => {
        const passed = fromBrowser.pass(frame);
        if (passed !== null) await write(stream, passed);
      }),
      carry(hosts.next(pduLength), hosts, async (frame) => {
        const passed = fromHost.pass(frame);
        if (passed !== null) await tell(errand, passed);
      }),
    ]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  const fault = fromHost.fault();
  if (fault !== null) throw fault;
  if (!isOpen && !signal.aborted)
    throw new Fault('unreachable', `${endpoint.name} ended the session before there was a desktop.`);
};

/** The answer of the host as a browser is to see it: without authentication, which is done, and TLS, which ends here. */
const plain = (confirm: Buffer): Buffer => {
  const shown = Buffer.from(confirm);
  shown.writeUInt32LE(1, 15);
  return shown;
};

/** One direction, until it ends. */
const carry = async (
  first: Promise<Buffer | null>,
  frames: Frames,
  pass: (frame: Buffer) => Promise<void>,
): Promise<void> => {
  for (let frame = await first; frame !== null; frame = await frames.next(pduLength)) await pass(frame);
};

/** Waits for a slow reader. */
const write = (stream: Duplex, bytes: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
