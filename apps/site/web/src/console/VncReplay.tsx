import { EmptyState } from '@gatehouse/ui';

interface VncReplayProps {
  source(): Promise<Response>;
  isLive: boolean;
}

export function VncReplay({ isLive }: VncReplayProps) {
  return <EmptyState title={isLive ? 'This desktop cannot be watched yet' : 'This recording cannot be shown yet'} />;
}
