import { EmptyState } from '@gatehouse/ui';

interface VncViewProps {
  url: string;
  clipboard: boolean;
  onOver(reason: string): void;
}

export function VncView({ url }: VncViewProps) {
  return <EmptyState title="This desktop cannot be shown yet">{url}</EmptyState>;
}
