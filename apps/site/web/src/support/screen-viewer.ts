import type { Signal } from '../../../src/api/live.ts';
import type { LiveLine } from './live-line.ts';
import { createTape } from './screen-tape.ts';

/** How a shared screen comes: from browser to browser, or through the site. */
export type ScreenWay = 'connecting' | 'direct' | 'relayed';

/** Two browsers that have not met after so long meet at the site. */
const meetMs = 4_000;

/** Shows the screen of `from` in a video element until the returned function is called. */
export const viewScreen = (
  line: LiveLine,
  from: number,
  mediaType: string,
  video: HTMLVideoElement,
  onWay: (way: ScreenWay) => void,
): (() => void) => {
  // Some organisations switch it off in their browsers.
  let peer = typeof RTCPeerConnection === 'function' ? new RTCPeerConnection() : null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tape = createTape(video, mediaType);
  const waiting: RTCIceCandidateInit[] = [];
  const signal = (kind: Signal['kind'], body = '') => line.send({ type: 'signal', to: from, signal: { kind, body } });

  const relay = () => {
    clearTimeout(timer);
    peer?.close();
    peer = null;
    video.srcObject = null;
    onWay('relayed');
    signal('relay');
  };
  const meet = (own: RTCPeerConnection) => {
    timer = setTimeout(relay, meetMs);
    own.ontrack = ({ streams }) => {
      video.srcObject = streams[0] ?? null;
      void video.play().catch(() => undefined);
    };
    own.onicecandidate = ({ candidate }) => {
      if (candidate !== null) signal('candidate', JSON.stringify(candidate));
    };
    own.onconnectionstatechange = () => {
      if (peer === null) return;
      clearTimeout(timer);
      if (own.connectionState === 'connected') onWay('direct');
      else if (own.connectionState === 'failed') relay();
      else timer = setTimeout(relay, meetMs);
    };
    onWay('connecting');
    signal('want');
  };

  const hear = async ({ kind, body }: Signal) => {
    if (kind === 'declined') return relay();
    if (peer === null) return;
    if (kind === 'offer') {
      await peer.setRemoteDescription(JSON.parse(body));
      await peer.setLocalDescription(await peer.createAnswer());
      signal('answer', JSON.stringify(peer.localDescription));
      for (const candidate of waiting.splice(0)) await peer.addIceCandidate(candidate);
    } else if (kind === 'candidate') {
      if (peer.remoteDescription === null) waiting.push(JSON.parse(body));
      else await peer.addIceCandidate(JSON.parse(body));
    }
  };
  const endSignals = line.onSignal((who, heard) => {
    if (who === from) hear(heard).catch(relay);
  });
  const endParts = line.onPart((who, begins, part) => {
    if (who === from && peer === null) tape.take(part, begins);
  });
  if (peer === null) relay();
  else meet(peer);
  return () => {
    clearTimeout(timer);
    endSignals();
    endParts();
    peer?.close();
    peer = null;
    tape.close();
    video.srcObject = null;
    signal('stop');
  };
};
