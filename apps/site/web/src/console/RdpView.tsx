import { EmptyState } from '@gatehouse/ui';

interface RdpViewProps {
  url: string;
  clipboard: boolean;
  onOver(reason: string): void;
}

export function RdpView({ url }: RdpViewProps) {
  return <EmptyState title="This desktop cannot be shown yet">{url}</EmptyState>;
}
