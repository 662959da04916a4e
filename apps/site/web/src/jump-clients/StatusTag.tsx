import { Tag } from '@gatehouse/ui';
import { IconLock, IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react';

export function StatusTag({ status, isLocked }: { status: 'online' | 'offline'; isLocked: boolean }) {
  if (isLocked)
    return (
      <Tag tone="medium" icon={<IconLock size={13} />}>
        Locked
      </Tag>
    );
  return status === 'online' ? (
    <Tag tone="good" icon={<IconPlugConnected size={13} />}>
      Online
    </Tag>
  ) : (
    <Tag tone="quiet" icon={<IconPlugConnectedX size={13} />}>
      Offline
    </Tag>
  );
}
