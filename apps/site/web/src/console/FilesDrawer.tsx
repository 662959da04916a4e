import { Drawer } from '@mantine/core';
import { useState } from 'react';
import { FilesView } from './FilesView.tsx';
import type { FilePlace } from './file-paths.ts';

interface FilesDrawerProps {
  /** Whose files. */
  of: string;
  place: FilePlace;
  opened: boolean;
  onClose(): void;
}

/** Files beside a terminal; asked for once it is opened. */
export function FilesDrawer({ of, place, opened, onClose }: FilesDrawerProps) {
  const [path, setPath] = useState('');
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="lg"
      title={`Files of ${of}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <FilesView place={place} path={path} onPath={setPath} />
    </Drawer>
  );
}
