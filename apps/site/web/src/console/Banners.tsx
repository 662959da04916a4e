import { Button } from '@mantine/core';
import { IconClockExclamation, IconPlugConnectedX, IconSwitchHorizontal } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import classes from './SessionPage.module.css';
import type { LineState, SessionLine } from './session-line.ts';

/** What needs attention now, above the session: one line each. */
export function Banners({ line, state }: { line: SessionLine; state: LineState }) {
  const { link, session, idleEndsAt, notes } = state;
  return (
    <>
      {link === 'lost' ? (
        <Banner tone="medium" icon={<IconPlugConnectedX size={17} />} action={{ word: 'Try now', run: line.connect }}>
          The connection to the site was lost. Trying again; the session stays open meanwhile.
        </Banner>
      ) : null}
      {link === 'taken' ? (
        <Banner
          tone="medium"
          icon={<IconSwitchHorizontal size={17} />}
          action={{ word: 'Take it back', run: line.connect }}
        >
          Another page has this session now.
        </Banner>
      ) : null}
      {idleEndsAt === null ? null : <Idle endsAt={idleEndsAt} onStay={line.stay} />}
      {session?.state === 'open' && notes.length > 0 ? <Banner tone="low">{notes.at(-1)}</Banner> : null}
    </>
  );
}

function Idle({ endsAt, onStay }: { endsAt: number; onStay(): void }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((endsAt - now) / 1_000));
  return (
    <Banner tone="high" icon={<IconClockExclamation size={17} />} action={{ word: 'Stay', run: onStay }}>
      Nothing has been done here for a while. The session ends in <b aria-hidden="true">{seconds} s</b>
      <span className={classes.hidden}>about a minute, unless you stay</span>.
    </Banner>
  );
}

interface BannerProps {
  tone: 'high' | 'medium' | 'low';
  icon?: ReactNode;
  action?: { readonly word: string; run(): void };
  children: ReactNode;
}

function Banner({ tone, icon, action, children }: BannerProps) {
  return (
    <div className={classes.banner} data-tone={tone} role="status">
      {icon}
      <span>{children}</span>
      {action === undefined ? null : (
        <Button size="compact-sm" variant="default" onClick={action.run}>
          {action.word}
        </Button>
      )}
    </div>
  );
}
