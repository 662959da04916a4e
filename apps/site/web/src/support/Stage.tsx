import { SegmentedControl } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { LiveSession } from '../../../src/api/live.ts';
import type { LiveLine, LiveState } from './live-line.ts';
import { MachineAsk } from './MachineAsk.tsx';
import { MachineView } from './MachineView.tsx';
import classes from './Room.module.css';
import { ScreenView, sharedScreen } from './ScreenView.tsx';

interface StageProps {
  session: LiveSession;
  line: LiveLine;
  state: LiveState;
  /** From which the customer is connected. */
  address: string;
}

/** What is seen of a customer: the screen that they share, and the machine that they lend. */
export function Stage({ session, line, state, address }: StageProps) {
  const { machine } = session;
  const [shown, setShown] = useState('screen');
  const isMine = machine?.isLent === true && machine.askedBy === state.you;
  useEffect(() => {
    if (isMine) setShown('machine');
  }, [isMine]);
  return (
    <div className={classes.stages}>
      <div className={classes.tabs}>
        <SegmentedControl
          size="xs"
          aria-label="What is shown of the customer"
          value={shown}
          onChange={setShown}
          data={[
            { value: 'screen', label: sharedScreen(state.events) === null ? 'Screen' : 'Screen (shared)' },
            { value: 'machine', label: machine?.isLent === true ? 'Machine (connected)' : 'Machine' },
          ]}
        />
      </div>
      {/* What is open there goes on while the other one is looked at. */}
      <div className={classes.panel} hidden={shown !== 'screen'}>
        <ScreenView line={line} state={state} />
      </div>
      <div className={classes.panel} hidden={shown !== 'machine'}>
        {machine?.isLent === true ? (
          <MachineView key={machine.ask} lsid={session.lsid} isLent />
        ) : (
          <MachineAsk session={session} address={address} />
        )}
      </div>
    </div>
  );
}
