import { EmptyState, LoadingState } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import type { Session } from '../api/paths.ts';

const VncView = lazy(() => import('./VncView.tsx').then(({ VncView }) => ({ default: VncView })));
const RdpView = lazy(() => import('./RdpView.tsx').then(({ RdpView }) => ({ default: RdpView })));

/** The desktop of a session; each connection to it signs in anew. */
export function Desktop({ session: { id, item, rules } }: { session: Session }) {
  const [turn, setTurn] = useState(0);
  const [reason, setReason] = useState<string | null>(null);
  if (reason !== null)
    return (
      <EmptyState
        icon={<IconPlugConnectedX size={28} stroke={1.5} />}
        title={`The desktop of ${item.name} went away`}
        actions={
          <Button
            onClick={() => {
              setTurn(turn + 1);
              setReason(null);
            }}
          >
            Connect again
          </Button>
        }
      >
        {reason} The session is still open, until it is ended or its time is over.
      </EmptyState>
    );
  const View = item.type === 'remote-vnc' ? VncView : RdpView;
  return (
    <Suspense fallback={<LoadingState rows={3} />}>
      <View
        key={turn}
        url={`${location.protocol === 'http:' ? 'ws' : 'wss'}://${location.host}/api/console/sessions/${id}/desktop`}
        clipboard={rules.clipboard}
        onOver={setReason}
      />
    </Suspense>
  );
}
