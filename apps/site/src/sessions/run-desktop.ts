import { Fault, toFault } from '@gatehouse/kernel';
import type { HandedCredential } from '@gatehouse/remote-access/ecm';
import { audit, type ServerSocket, type SocketListener } from '@gatehouse/server';
import { encodeDesktopFrame, encodeDesktopHead } from '../api/desktop-format.ts';
import { endpointOf, findHostKey, type KeyProtocol, keepHostKey } from '../host-keys/index.ts';
import { startRecording } from '../recordings/index.ts';
import type { DesktopErrand } from './desktop.ts';
import type { LiveSession } from './live-session.ts';
import type { SessionParts } from './model.ts';
import { serveRdp } from './rdp/serve-rdp.ts';
import { socketStream } from './socket-stream.ts';
import type { HostTrust } from './trust.ts';
import { serveVnc } from './vnc/serve-vnc.ts';

const serves = { vnc: serveVnc, rdp: serveRdp } as const;

/**
 * A desktop until its endpoint ends it. Every page that connects signs in anew, with the same credential: what a desktop
 * said to the page before means nothing to the next one.
 */
export const runDesktop = async (
  parts: SessionParts,
  live: LiveSession,
  credential: HandedCredential,
  noteOpen: (hostKey: { readonly fingerprint: string; readonly isNew: boolean } | null) => Promise<void>,
): Promise<void> => {
  const { clock, pace } = parts;
  const { errand, signal } = live;
  const { protocol } = errand.place;
  if (protocol !== 'vnc' && protocol !== 'rdp') throw new Error(`a desktop over ${protocol}`);
  if (credential.kind !== 'password')
    throw new Fault('misconfigured', 'A desktop is opened with a password. Choose a credential that is one.');
  const writer = errand.isRecorded
    ? await startRecording(parts, { sessionId: errand.id, format: 'desktop', flushMs: pace.flushMs }, ({ advice }) =>
        live.end({ ending: 'failed', by: null, problem: advice }),
      )
    : null;
  const began = performance.now();
  const record = async (kind: 'segment' | 'bytes', bytes: Uint8Array) =>
    writer?.write(Buffer.from(encodeDesktopFrame(performance.now() - began, kind, bytes)));
  const over = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => over.resolve(), { once: true });
  let isNoted = false;
  let before: AbortController | null = null;
  let seen: { readonly fingerprint: string; readonly isNew: boolean } | null = null;

  const serve = async (browser: DesktopErrand['browser'], ending: AbortSignal): Promise<void> => {
    await record('segment', new Uint8Array(0));
    const place = errand.place;
    await serves[protocol]({
      endpoint: { name: errand.item.name, hostname: place.host, port: place.port },
      way: parts.jumpoints.wayTo(place),
      credential,
      browser,
      rules: { clipboard: errand.rules.clipboard },
      trust: await trustFor(parts, live, protocol, (hostKey) => {
        seen = hostKey;
      }),
      record: (bytes) => record('bytes', bytes),
      onInput: live.touch,
      onOpen() {
        if (isNoted) return;
        isNoted = true;
        noteOpen(seen).catch((error: unknown) => live.fail(error));
      },
      signal: AbortSignal.any([signal, ending]),
    });
  };

  const join = (socket: ServerSocket): SocketListener => {
    before?.abort();
    const ending = new AbortController();
    before = ending;
    const { stream, listener, isLeft, end } = socketStream(socket);
    serve(stream, ending.signal).then(
      () => {
        end(ending.signal.aborted ? 'Another page took this desktop.' : 'The endpoint ended it.');
        // The page went, or another took its place: the session waits for it.
        if (!isLeft() && !ending.signal.aborted) over.resolve();
      },
      (error: unknown) => {
        end(toFault(error).advice);
        if (!ending.signal.aborted) over.reject(error);
      },
    );
    return listener;
  };

  try {
    await writer?.write(Buffer.from(encodeDesktopHead({ protocol, startedAt: clock.now().toISOString() })));
    await live.change({ state: 'open', problem: null });
    live.offerDesktop(join);
    await over.promise;
  } finally {
    live.offerDesktop(null);
    await writer?.end();
  }
};

/** The certificate that the endpoint showed at first is the one that it has to show. */
const trustFor = async (
  { database, log }: SessionParts,
  live: LiveSession,
  protocol: KeyProtocol,
  onSeen: (hostKey: { readonly fingerprint: string; readonly isNew: boolean }) => void,
): Promise<HostTrust> => {
  const { id, place, principal, correlationId } = live.errand;
  if (place.anyCertificate) return { kind: 'any' };
  const endpoint = endpointOf(place.host, place.port);
  const known = await database.system((tx) => findHostKey(tx, protocol, endpoint));
  if (known !== null) {
    onSeen({ fingerprint: known, isNew: false });
    return { kind: 'pinned', fingerprint: known };
  }
  return {
    kind: 'first-use',
    async onKey(fingerprint) {
      const isKept = await database
        .system(async (tx) => {
          if (!(await keepHostKey(tx, { protocol, endpoint, fingerprint }))) return false;
          await audit(
            tx,
            { principal, correlationId },
            { action: 'host-key.keep', target: endpoint, change: { fingerprint } },
          );
          return true;
        })
        .catch((error: unknown) => {
          log.warn({ session: id, err: error }, 'the certificate of an endpoint could not be kept');
          throw toFault(error);
        });
      if (!isKept)
        throw new Fault('forbidden', 'This endpoint showed two different keys at once. Ask an administrator about it.');
      onSeen({ fingerprint, isNew: true });
    },
  };
};
