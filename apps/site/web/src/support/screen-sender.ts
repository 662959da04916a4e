import type { Signal } from '../../../src/api/live.ts';
import { screenPart } from '../../../src/api/live.ts';
import type { LiveLine } from './live-line.ts';

/** What a customer shares. */
export interface ScreenSender {
  /** Asks the person what to share. Rejects when the browser cannot, and resolves with false when the person does not want. */
  start(): Promise<boolean>;
  stop(): void;
  /** Called when sharing begins and ends, whoever ended it. */
  onChange(changed: (isShared: boolean) => void): () => void;
  close(): void;
}

const types = ['video/webm;codecs=vp8', 'video/webm', 'video/mp4'];
const bitsPerSecond = 1_500_000;
const partMs = 400;

/**
 * Shares a screen with everybody who wants to see it: to each directly, browser to browser, and through the site to those
 * who cannot be reached. The same recording goes to the site, which keeps it.
 */
export const createScreenSender = (line: LiveLine): ScreenSender => {
  let stream: MediaStream | null = null;
  let recorder: MediaRecorder | null = null;
  let sending: Promise<void> = Promise.resolve();
  const peers = new Map<number, RTCPeerConnection>();
  const relayed = new Set<number>();
  const listeners = new Set<(isShared: boolean) => void>();

  const record = () => {
    if (stream === null) return;
    // The last part of the one before comes first, since it is asked for first.
    if (recorder?.state === 'recording') recorder.stop();
    const own = new MediaRecorder(stream, { mimeType: mediaType(), videoBitsPerSecond: bitsPerSecond });
    let isFirst = true;
    own.ondataavailable = ({ data }) => {
      sending = sending.then(async () => {
        const bytes = new Uint8Array(await data.arrayBuffer());
        for (let at = 0; at < bytes.length; at += screenPart.mostBytes - 1) {
          const part = new Uint8Array(1 + Math.min(screenPart.mostBytes - 1, bytes.length - at));
          part[0] = isFirst ? screenPart.begins : screenPart.goesOn;
          part.set(bytes.subarray(at, at + part.length - 1), 1);
          isFirst = false;
          line.draw(part);
        }
      });
    };
    own.start(partMs);
    recorder = own;
  };
  const signal = (to: number, kind: Signal['kind'], body = '') =>
    line.send({ type: 'signal', to, signal: { kind, body } });

  const offer = async (to: number) => {
    const track = stream?.getVideoTracks()[0];
    if (stream === null || track === undefined) return signal(to, 'declined');
    peers.get(to)?.close();
    const peer = new RTCPeerConnection();
    peers.set(to, peer);
    peer.addTrack(track, stream);
    peer.onicecandidate = ({ candidate }) => {
      if (candidate !== null) signal(to, 'candidate', JSON.stringify(candidate));
    };
    await peer.setLocalDescription(await peer.createOffer());
    signal(to, 'offer', JSON.stringify(peer.localDescription));
  };
  const relayTo = (to: number, isWanted: boolean) => {
    if (isWanted) relayed.add(to);
    else if (!relayed.delete(to)) return;
    line.send({ type: 'relaying', to: [...relayed] });
    // Whoever comes later, or loads the page again, can only begin with the beginning of a recording.
    if (isWanted) record();
  };
  const forget = (from: number) => {
    peers.get(from)?.close();
    peers.delete(from);
    relayTo(from, false);
  };
  const hear = async (from: number, { kind, body }: Signal) => {
    if (kind === 'want') await offer(from);
    else if (kind === 'relay') relayTo(from, true);
    else if (kind === 'stop') forget(from);
    else if (kind === 'answer') await peers.get(from)?.setRemoteDescription(JSON.parse(body));
    else if (kind === 'candidate') await peers.get(from)?.addIceCandidate(JSON.parse(body));
  };
  const end = line.onSignal((from, heard) => {
    // What a page says that is nonsense concerns that page alone: it asks for the relay.
    hear(from, heard).catch(() => signal(from, 'declined'));
  });

  const stop = () => {
    if (stream === null) return;
    for (const track of stream.getTracks()) track.stop();
    stream = null;
    if (recorder?.state === 'recording') recorder.stop();
    recorder = null;
    for (const peer of peers.values()) peer.close();
    peers.clear();
    relayed.clear();
    // Behind the last part.
    sending = sending.then(() => line.send({ type: 'screen', on: false, mediaType: '' }));
    for (const changed of listeners) changed(false);
  };
  return {
    async start() {
      if (!isScreenShareable()) throw new Error('This browser cannot share a screen.');
      try {
        stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false });
      } catch (error) {
        if (error instanceof DOMException && error.name === 'NotAllowedError') return false;
        throw error;
      }
      stream.getVideoTracks()[0]?.addEventListener('ended', stop);
      line.send({ type: 'screen', on: true, mediaType: mediaType().replace(/codecs=(\w+)/, 'codecs="$1"') });
      record();
      for (const changed of listeners) changed(true);
      return true;
    },
    stop,
    onChange(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    close() {
      stop();
      end();
    },
  };
};

export const isScreenShareable = (): boolean =>
  typeof navigator.mediaDevices?.getDisplayMedia === 'function' && typeof MediaRecorder === 'function';

const mediaType = (): string => types.find((type) => MediaRecorder.isTypeSupported(type)) ?? 'video/webm';
