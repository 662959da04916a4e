import { useState } from 'react';
import { Player } from './Player.tsx';
import type { Stage } from './playback.ts';
import classes from './RdpReplay.module.css';
import { createRdpMessages } from './rdp-messages.ts';
import { openRdpSession } from './rdp-session.ts';
import { createRdpTape } from './rdp-tape.ts';
import { usePlayback } from './use-playback.ts';

interface RdpReplayProps {
  /** The recording; of a session that goes on it goes on, too. Another function means another recording. */
  source(): Promise<Response>;
  readonly isLive: boolean;
}

/** A recorded remote desktop, drawn by the client that showed the session. */
export function RdpReplay({ source, isLive }: RdpReplayProps) {
  const [target, setTarget] = useState<HTMLDivElement | null>(null);
  const playback = usePlayback({ source, isLive, target, openStage });
  return (
    <Player {...playback}>
      <div ref={setTarget} className={classes.stage} role="img" aria-label="Recorded screen of the endpoint" />
    </Player>
  );
}

/**
 * What a host says does not depend on what its client answers: all secrets of the connection were in the TLS around it,
 * which ended at the site. So the client is told the same again, and its answers go nowhere.
 */
const openStage = (target: HTMLElement, onBroken: () => void): Stage => {
  const canvas = document.createElement('canvas');
  canvas.className = classes.screen ?? '';
  target.replaceChildren(canvas);
  const tape = createRdpTape();
  const messages = createRdpMessages();
  let isClosed = false;
  openRdpSession({
    ...{ url: tape.url, tape, canvas, width: 1_024, height: 768 },
    ...{ onCursor: () => undefined, onCopy: () => undefined },
  }).then(
    // How it ended is part of the recording, and the last picture stays.
    (session) => void session.ended.catch(() => undefined),
    () => {
      // A recording that ends before there was a desktop has none to show.
      if (!isClosed) onBroken();
    },
  );
  let fed = 0;
  return {
    async feed(bytes) {
      for (const message of messages.push(bytes)) {
        if (isClosed) return;
        tape.play(message);
        fed += message.length;
        if (fed <= atOnce) continue;
        fed = 0;
        await new Promise<void>((resolve) => setTimeout(resolve));
      }
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      tape.end();
    },
  };
};

/** So much is drawn without a break for the page. */
const atOnce = 1_000_000;
