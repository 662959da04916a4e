import { Page, useApi, useCrumbs } from '@gatehouse/ui';
import { useParams } from '@tanstack/react-router';
import { useCallback } from 'react';
import { paths } from '../api/paths.ts';
import { fetchRecording } from '../recordings/fetch-recording.ts';
import { ShellReplay } from '../recordings/ShellReplay.tsx';

/** A shell of a machine, once more. */
export function ShellReplayPage() {
  const { lsid = '', shell = '' } = useParams({ strict: false }) as { lsid?: string; shell?: string };
  const session = useApi(paths.supportSession(lsid), { once: true });
  const name = session.data?.customer || 'Machine';
  useCrumbs({ title: 'Remote support', href: '/console/support' }, { title: `Shell of ${name}` });
  const source = useCallback(() => fetchRecording(paths.machineRecording(lsid, shell)), [lsid, shell]);
  return (
    <Page title={`Shell of ${name}`} lead="What was shown, as it was shown.">
      <ShellReplay source={source} />
    </Page>
  );
}
