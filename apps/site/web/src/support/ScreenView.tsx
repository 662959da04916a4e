import { EmptyState, Tag } from '@gatehouse/ui';
import { ActionIcon } from '@mantine/core';
import { IconMaximize, IconScreenShare } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { LiveEvent } from '../../../src/api/live.ts';
import type { LiveLine, LiveState } from './live-line.ts';
import classes from './Room.module.css';
import { type ScreenWay, viewScreen } from './screen-viewer.ts';

const wayWords: Readonly<Record<ScreenWay, string>> = {
  connecting: 'Connecting…',
  direct: 'Browser to browser',
  relayed: 'Through the site',
};

/** The screen that a customer shares, or what to do until they do. */
export function ScreenView({ line, state }: { line: LiveLine; state: LiveState }) {
  const shared = sharedScreen(state.events);
  const video = useRef<HTMLVideoElement>(null);
  const stage = useRef<HTMLElement>(null);
  const [way, setWay] = useState<ScreenWay>('connecting');
  useEffect(() => {
    if (shared === null || video.current === null) return;
    return viewScreen(line, shared.from, shared.mediaType, video.current, setWay);
    // A screen that is shared anew is another one.
  }, [line, shared?.seq]);
  if (shared === null)
    return (
      <section className={classes.stage} aria-label="Screen">
        <EmptyState icon={<IconScreenShare size={28} stroke={1.5} />} title="No screen is shared">
          The customer shares it with the button on their page. Ask for it in the chat.
        </EmptyState>
      </section>
    );
  return (
    <section ref={stage} className={classes.stage} aria-label="Screen" data-live="true">
      <div className={classes.stageBar}>
        <Tag tone={way === 'connecting' ? 'medium' : 'good'}>{wayWords[way]}</Tag>
        <ActionIcon aria-label="Full screen" onClick={() => void stage.current?.requestFullscreen()}>
          <IconMaximize size={16} />
        </ActionIcon>
      </div>
      <video ref={video} className={classes.video} autoPlay muted playsInline data-way={way} />
    </section>
  );
}

/** The last one that began and did not end. */
export const sharedScreen = (events: readonly LiveEvent[]) => {
  const last = events.findLast(({ type }) => ['screen_started', 'screen_stopped', 'ended'].includes(type));
  if (last?.type !== 'screen_started' || last.performedBy === null) return null;
  return { seq: last.seq, from: last.performedBy, mediaType: String(last.body.type) };
};
