import { EmptyState, LoadingState } from '@gatehouse/ui';
import { IconVideoOff } from '@tabler/icons-react';
import { lazy, Suspense, useCallback } from 'react';
import { paths, type Session } from '../api/paths.ts';
import { fetchRecording } from './fetch-recording.ts';

const ShellReplay = lazy(() => import('./ShellReplay.tsx').then((found) => ({ default: found.ShellReplay })));
const ShellWatch = lazy(() => import('./ShellWatch.tsx').then((found) => ({ default: found.ShellWatch })));
const VncReplay = lazy(() => import('../console/VncReplay.tsx').then((found) => ({ default: found.VncReplay })));
const RdpReplay = lazy(() => import('../console/RdpReplay.tsx').then((found) => ({ default: found.RdpReplay })));

/** What was recorded of a session; of a live one what happens in it now. */
export function Replay({ session }: { session: Session }) {
  const { id, item, recording, state } = session;
  const isLive = state !== 'ended';
  const source = useCallback(() => fetchRecording(paths.recording(id, isLive ? { follow: 'true' } : {})), [id, isLive]);
  if (state === 'opening' || state === 'waiting')
    return <EmptyState title="It has not opened yet">There is nothing to see before.</EmptyState>;
  if (recording === 'removed')
    return (
      <EmptyState icon={<IconVideoOff size={28} stroke={1.5} />} title="The recording is not kept any more">
        It was kept as long as this site keeps recordings, and then removed. The audit has its size and its digest.
      </EmptyState>
    );
  if (recording === 'none')
    return (
      <EmptyState icon={<IconVideoOff size={28} stroke={1.5} />} title="There is no recording of this session">
        Its Jump policy switches recording off, or it never opened.
      </EmptyState>
    );
  return (
    <Suspense fallback={<LoadingState rows={3} height={90} />}>
      {item.type === 'remote-vnc' ? (
        <VncReplay source={source} isLive={isLive} />
      ) : item.type === 'remote-rdp' ? (
        <RdpReplay source={source} isLive={isLive} />
      ) : isLive ? (
        <ShellWatch source={source} />
      ) : (
        <ShellReplay id={id} source={source} />
      )}
    </Suspense>
  );
}
