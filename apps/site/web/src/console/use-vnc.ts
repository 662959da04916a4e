import RFB from '@novnc/novnc';
import { useEffect, useEffectEvent, useState } from 'react';

export type VncState =
  | { readonly is: 'connecting' }
  | { readonly is: 'connected' }
  | { readonly is: 'over'; readonly reason: string };

interface VncUse {
  readonly url: string;
  /** Where the endpoint's screen is drawn. */
  readonly screen: HTMLElement | null;
  onOver(reason: string): void;
  /** Something was copied at the endpoint. */
  onCopied(text: string): void;
}

/** One connection for as long as the element is there. */
export const useVnc = ({ url, screen, onOver, onCopied }: VncUse): { state: VncState; rfb: RFB | null } => {
  const [state, setState] = useState<VncState>({ is: 'connecting' });
  const [rfb, setRfb] = useState<RFB | null>(null);
  const end = useEffectEvent((reason: string) => {
    setState({ is: 'over', reason });
    onOver(reason);
  });
  const copied = useEffectEvent(onCopied);

  useEffect(() => {
    if (screen === null) return;
    let isLeft = false;
    let isOpen = false;
    let said: string | null = null;
    setState({ is: 'connecting' });
    const socket = new WebSocket(url);
    // Before noVNC hears of it, which tells nothing of the reason.
    socket.addEventListener('close', ({ reason }) => {
      said = reason === '' ? null : reason;
    });
    const made = new RFB(screen, socket, { shared: true });
    made.scaleViewport = true;
    made.showDotCursor = true;
    made.addEventListener('connect', () => {
      if (isLeft) return;
      isOpen = true;
      setState({ is: 'connected' });
      made.focus({ preventScroll: true });
    });
    made.addEventListener('clipboard', ({ detail }) => {
      if (!isLeft) copied(detail.text);
    });
    made.addEventListener('disconnect', ({ detail }) => {
      if (isLeft) return;
      const unknown = detail.clean ? 'The session has ended.' : 'The connection was lost.';
      end(said ?? (isOpen ? unknown : 'The screen could not be opened.'));
    });
    setRfb(made);
    return () => {
      isLeft = true;
      setRfb(null);
      made.disconnect();
    };
  }, [url, screen]);

  return { state, rfb };
};
