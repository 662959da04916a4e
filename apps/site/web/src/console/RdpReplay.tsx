import { EmptyState } from '@gatehouse/ui';

interface RdpReplayProps {
  source(): Promise<Response>;
  isLive: boolean;
}

export function RdpReplay({ isLive }: RdpReplayProps) {
  return <EmptyState title={isLive ? 'This desktop cannot be watched yet' : 'This recording cannot be shown yet'} />;
}
