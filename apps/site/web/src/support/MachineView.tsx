import { EmptyState, ErrorState, LoadingState, send, Tag, toast, useApi } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconFolder, IconPlayerStop, IconPlugConnectedX, IconTerminal2 } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { MachineOfSession } from '../../../src/api/jump-clients.ts';
import { paths } from '../api/paths.ts';
import { FilesDrawer } from '../console/FilesDrawer.tsx';
import { Terminal } from '../console/Terminal.tsx';
import { type MachineLine, type MachineState, openMachineLine } from './machine-line.ts';
import classes from './Room.module.css';
import { TimeLeft } from './TimeLeft.tsx';

/** The machine of a session, with a Jump Client or of a customer who lends it: a shell, and its files. */
export function MachineView({ lsid, isLent = false }: { lsid: string; isLent?: boolean }) {
  const machine = useApi(paths.machine(lsid), { every: 30_000 });
  const { refetch } = machine;
  // What is kept may be of one that was given back.
  useEffect(() => void refetch(), [refetch]);
  if (machine.data === undefined)
    return (
      <section className={classes.stage} aria-label="Machine">
        {machine.error === null ? (
          <LoadingState rows={3} />
        ) : (
          <ErrorState error={machine.error} onRetry={() => void machine.refetch()} />
        )}
      </section>
    );
  return <Machine lsid={lsid} machine={machine.data} isLent={isLent} />;
}

function Machine({ lsid, machine, isLent }: { lsid: string; machine: MachineOfSession; isLent: boolean }) {
  const { name, status, isLocked, allows, rules, limitAt } = machine;
  const [line, setLine] = useState<MachineLine | null>(null);
  const [state, setState] = useState<MachineState | null>(null);
  const [areFilesOpen, setFilesOpen] = useState(false);
  useEffect(() => () => line?.close(), [line]);
  const open = () => setLine(openMachineLine(lsid, setState));
  const end = () => {
    line?.close();
    setLine(null);
    setState(null);
  };
  const disconnect = useMutation({
    mutationFn: () => send('DELETE', `/api/support/sessions/${lsid}/machine`),
    onError: toast.failed,
  });
  const isLive = line !== null && state?.link === 'open';
  const isThere = status === 'online' && !isLocked;
  return (
    <section className={classes.stage} aria-label="Machine" data-live={isLive ? 'true' : undefined}>
      <div className={classes.stageBar} data-top>
        <Tag tone={isThere ? 'good' : 'medium'}>{isLocked ? 'Locked' : isThere ? 'Connected' : 'Not connected'}</Tag>
        {isLive ? <Tag tone="quiet">{state.isRecorded ? 'Recorded' : 'Not recorded'}</Tag> : null}
        {limitAt === null ? null : <TimeLeft until={limitAt} isLent={isLent} />}
        <span className={classes.actions}>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconFolder size={15} />}
            disabled={!allows.files}
            onClick={() => setFilesOpen(true)}
          >
            Files
          </Button>
          {line === null ? null : (
            <Button size="compact-sm" variant="default" leftSection={<IconPlayerStop size={15} />} onClick={end}>
              Close the shell
            </Button>
          )}
          {isLent ? (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconPlugConnectedX size={15} />}
              loading={disconnect.isPending}
              onClick={() => disconnect.mutate()}
            >
              Disconnect
            </Button>
          ) : null}
        </span>
      </div>
      {isLive ? (
        <Terminal line={line} clipboard={rules.clipboard} isGuest={false} />
      ) : (
        <EmptyState
          icon={<IconTerminal2 size={28} stroke={1.5} />}
          title={state?.link === 'over' ? 'The shell is over' : `The machine of ${name}`}
          actions={
            <Button
              leftSection={<IconTerminal2 size={16} />}
              disabled={!allows.shell || !isThere}
              loading={line !== null && (state === null || state.link === 'connecting')}
              onClick={open}
            >
              Open a shell
            </Button>
          }
        >
          {state?.link === 'over' ? state.reason : wordsFor(machine)}
        </EmptyState>
      )}
      <FilesDrawer
        of={name}
        place={{ api: `/api/support/sessions/${lsid}/machine/files`, rules, isArranged: false }}
        opened={areFilesOpen}
        onClose={() => setFilesOpen(false)}
      />
    </section>
  );
}

const wordsFor = ({ status, isLocked, allows, isRecorded }: MachineOfSession): string => {
  if (isLocked)
    return 'An administrator locked this Jump Client. Nothing can be done on its machine until it is unlocked.';
  if (status === 'offline')
    return 'The Jump Client is not connected. See that its machine is on and reaches the site; it connects by itself.';
  if (!allows.shell)
    return 'The settings of this Jump Client let no shells be opened. Whoever runs the machine can change them.';
  return isRecorded
    ? 'What is shown in a shell is recorded, and the session says who opened it.'
    : 'The session says who opened a shell. What is shown in it is not recorded.';
};
