import type { Duplex } from 'node:stream';
import { openVnc, type Vnc } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { rfbGreeting } from '../../api/desktop-format.ts';
import type { DesktopErrand, ServeDesktop } from '../desktop.ts';
import { isGone, nextBytes, say } from './carry.ts';
import type { Dialogue } from './dialogue.ts';
import { fromBrowser } from './from-browser.ts';
import { fromEndpoint } from './from-endpoint.ts';
import { createScanner } from './scan.ts';

/**
 * Signs in to a VNC server, and lets the browser see its screen as if it asked for no password: RFB 3.8, security type
 * None. What is recorded begins with that greeting, so that a player needs nothing else.
 *
 * Both directions are told apart into messages. So what holds without the rule for the clipboard does not depend on the
 * page: text of a clipboard goes neither way, neither as cut text nor as extended clipboard, and the endpoint is not told
 * that anybody would take it. The price: an endpoint is offered only encodings whose length is known here, the format of
 * pixels is settled before the first of them, and whatever is unknown ends the session with a Fault.
 *
 * Leaves the browser's side open, for whoever has to say why it is over.
 */
export const serveVnc: ServeDesktop = async (errand) => {
  const { endpoint, credential, trust, signal } = errand;
  const vnc = await openVnc(
    {
      ...{ host: endpoint.hostname, port: endpoint.port, system: endpoint.name, trust },
      ...{ account: credential.username, password: credential.password },
      ...errand.way,
    },
    { signal },
  ).catch((error: unknown) => {
    if (signal.aborted) return null;
    throw error;
  });
  if (vnc === null) return;
  try {
    errand.onOpen();
    await converse(vnc, errand);
  } finally {
    vnc.close();
  }
};

const converse = async ({ stream, screen }: Vnc, errand: DesktopErrand): Promise<void> => {
  const { endpoint, browser, rules } = errand;
  const over = new AbortController();
  const signal = AbortSignal.any([errand.signal, over.signal]);
  const dialogue: Dialogue = {
    ...{ system: endpoint.name, clipboard: rules.clipboard, pixels: screen.pixels, hasAsked: false },
    knows: new Set(),
  };
  const show = async (bytes: Buffer) => {
    if (bytes.length === 0) return;
    await errand.record(bytes);
    await say(browser, bytes, signal);
  };
  const greetings = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let greeted = 0;
  const heard = { onGreeting: () => greetings[greeted++]?.resolve(), onInput: errand.onInput };
  const giveUp = () => {
    for (const { resolve } of greetings) resolve();
  };
  signal.addEventListener('abort', giveUp, { once: true });
  const outwards = createScanner(fromBrowser(dialogue, heard));
  const inwards = createScanner(fromEndpoint(dialogue));
  // An error of either side shows as its end.
  const ignore = () => undefined;
  browser.on('error', ignore);

  const listen = carry(browser, signal, async (bytes) => {
    await say(stream, outwards.push(bytes), signal);
    // An endpoint that is gone hears nothing any more: a slow browser may still see its last words, but not go on talking.
    if (!stream.writable) await isGone(browser, signal);
  });
  const look = (async () => {
    // In turns: noVNC waits for the next message after its own, even where it has come already.
    const turns = [rfbGreeting.subarray(0, 12), rfbGreeting.subarray(12, 14), rfbGreeting.subarray(14)];
    for (const [i, words] of turns.entries()) {
      await show(Buffer.from(words));
      await greetings[i]?.promise;
    }
    if (signal.aborted) return;
    await show(screen.bytes);
    await carry(stream, signal, (bytes) => show(inwards.push(bytes)));
    if (stream.errored !== null && !signal.aborted) throw lost(endpoint.name, stream.errored);
  })();
  const ends = [listen, look].map((one) => one.finally(() => over.abort()));
  try {
    await Promise.all(ends);
  } finally {
    over.abort();
    await Promise.allSettled(ends);
    browser.off('error', ignore);
  }
};

const carry = async (from: Duplex, signal: AbortSignal, to: (bytes: Buffer) => Promise<void>): Promise<void> => {
  for (;;) {
    const bytes = await nextBytes(from, signal);
    if (bytes === null) return;
    await to(bytes);
  }
};

const lost = (system: string, cause: Error): Fault =>
  new Fault('unreachable', `The connection to ${system} was lost.`, cause.message, { cause });
