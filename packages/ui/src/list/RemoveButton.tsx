import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { ConfirmDialog } from '../ConfirmDialog.tsx';
import { useSend } from './use-send.ts';

interface RemoveButtonProps {
  path: string;
  /** The question: "Delete web1?" */
  title: string;
  /** The verb: "Delete system". */
  action: string;
  done: string;
  refresh: readonly string[];
  children: ReactNode;
  /** In a row of a table: an icon alone. */
  isIcon?: boolean;
  onDone?(): void;
}

/** Asks, and deletes. */
export function RemoveButton({ path, title, action, done, refresh, children, isIcon, onDone }: RemoveButtonProps) {
  const [isAsking, setAsking] = useState(false);
  const remove = useSend({
    done,
    onDone: () => {
      setAsking(false);
      onDone?.();
    },
    refresh,
  });
  return (
    <>
      {isIcon ? (
        <Tooltip label={action}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={title.replace(/\?$/, '')}
            onClick={() => setAsking(true)}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Tooltip>
      ) : (
        <Button variant="default" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>
          {action}
        </Button>
      )}
      <ConfirmDialog
        opened={isAsking}
        title={title}
        action={action}
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate({ method: 'DELETE', path }, { onError: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        {children}
      </ConfirmDialog>
    </>
  );
}
