import { Drawer } from '@mantine/core';
import { useState } from 'react';
import type { Session } from '../api/paths.ts';
import { FilesView } from './FilesView.tsx';

/** The files of the endpoint beside its terminal; asked for once it is opened. */
export function FilesDrawer({ session, opened, onClose }: { session: Session; opened: boolean; onClose(): void }) {
  const [path, setPath] = useState('');
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="lg"
      title={`Files of ${session.account === '' ? session.item.name : `${session.account} @ ${session.item.name}`}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <FilesView session={session} path={path} onPath={setPath} />
    </Drawer>
  );
}
