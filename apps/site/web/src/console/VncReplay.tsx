import RFB, { type Channel } from '@novnc/novnc';
import { useState } from 'react';
import { Player } from './Player.tsx';
import type { Stage } from './playback.ts';
import { usePlayback } from './use-playback.ts';
import classes from './VncReplay.module.css';

interface VncReplayProps {
  /** The recording; of a session that goes on it goes on, too. Another function means another recording. */
  source(): Promise<Response>;
  readonly isLive: boolean;
}

/** A recorded VNC session, drawn as its browser drew it. */
export function VncReplay({ source, isLive }: VncReplayProps) {
  const [target, setTarget] = useState<HTMLDivElement | null>(null);
  const playback = usePlayback({ source, isLive, target, openStage });
  return (
    <Player {...playback}>
      <div ref={setTarget} className={classes.screen} role="img" aria-label="Recorded screen of the endpoint" />
    </Player>
  );
}

/** noVNC on a connection that is none: it is told what was recorded, and its answers go nowhere. */
const openStage = (target: HTMLElement, onBroken: () => void): Stage => {
  const channel: Channel = {
    ...{ binaryType: 'arraybuffer', protocol: '', readyState: 'open' },
    ...{ onopen: null, onmessage: null, onerror: null, onclose: null },
    send: () => undefined,
    close: () => queueMicrotask(() => channel.onclose?.({ code: 1000, reason: '' })),
  };
  const rfb = new RFB(target, channel);
  rfb.viewOnly = true;
  rfb.scaleViewport = true;
  rfb.focusOnClick = false;
  let isClosed = false;
  rfb.addEventListener('disconnect', () => {
    if (!isClosed) onBroken();
    isClosed = true;
  });
  let fed = 0;
  return {
    async feed(bytes) {
      if (isClosed) return;
      channel.onmessage?.({ data: bytes.buffer });
      fed += bytes.length;
      if (fed > atOnce) {
        fed = 0;
        await aWhile();
      }
      // What comes meanwhile is kept in a buffer that has an end.
      while (rfb._flushing && !isClosed) await aWhile();
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      rfb.disconnect();
    },
  };
};

/** So much is drawn without a break for the page. */
const atOnce = 1_000_000;

const aWhile = () => new Promise<void>((resolve) => setTimeout(resolve));
