import {
  CopyField,
  count,
  formatNumber,
  HealthBadge,
  Loaded,
  Notice,
  RelativeTime,
  Steps,
  send,
  toast,
  useApi,
  useRefresh,
} from '@gatehouse/ui';
import { Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload, IconKey } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { pages } from '../../../src/api/pages.ts';
import { paths } from '../api/paths.ts';
import type { Collector, ConnectionDetail, Installation } from '../api/types.ts';
import { useMay } from '../frame/tenant.ts';
import { findFreshKey, forgetFreshKey, keepFreshKey } from './fresh-keys.ts';

interface InstallerProps {
  tenantId: string;
  connection: ConnectionDetail;
}

/** How the collector of a connection is installed: the program, its key, and what comes of it, while it happens. */
export function Installer({ tenantId, connection }: InstallerProps) {
  const collector = useApi(paths.collector(tenantId, connection.connectionId), { every: 3_000 });
  return (
    <Loaded query={collector} rows={3} height={90}>
      {(one) => (
        <Steps
          steps={[
            {
              id: 'install',
              title: 'Run the installer on the server you chose',
              isDone: one.device !== null,
              children: <Program tenantId={tenantId} collector={one} />,
            },
            {
              id: 'key',
              title: 'Enter the installation key when it asks',
              isDone: one.key?.state === 'used',
              children: <Key {...{ tenantId, connection, collector: one }} />,
            },
            {
              id: 'next',
              title: 'Wait for it to register',
              isDone: one.device !== null && connection.connectivity !== 'failed',
              children: <Registration {...{ tenantId, connection, collector: one }} />,
            },
          ]}
        />
      )}
    </Loaded>
  );
}

function Program({ tenantId, collector }: { tenantId: string; collector: Collector }) {
  const { installer, command, connectionId } = collector;
  return (
    <Stack gap="sm" maw={720} mb="md">
      {installer === null ? (
        <Text>
          This server offers no program for download. In a checkout of Gatehouse on the machine, after{' '}
          <code>npm ci</code>, one command asks for the key and the service account, tests each permission and installs
          a service:
        </Text>
      ) : (
        <>
          <Text>Download the program, put it on the server you chose, and run it there with Node.js 24:</Text>
          <Button
            component="a"
            href={`${paths.collector(tenantId, connectionId)}/installer`}
            download={installer.file}
            variant="default"
            w="fit-content"
            leftSection={<IconDownload size={16} />}
          >
            {`Download ${installer.file} (${formatNumber(Math.max(1, Math.round(installer.bytes / 1024)))} KB)`}
          </Button>
          <Text>It asks for the key and the service account, tests each permission and installs a service.</Text>
        </>
      )}
      <CopyField label="Command" value={command} />
    </Stack>
  );
}

interface KeyProps extends InstallerProps {
  collector: Collector;
}

function Key({ tenantId, connection, collector }: KeyProps) {
  const { connectionId, connector } = connection;
  const mayChange = useMay('administrator');
  const refresh = useRefresh();
  const [fresh, setFresh] = useState(() => findFreshKey(connectionId));
  const route = `${paths.collector(tenantId, connectionId)}/keys`;
  const renewed = () => refresh(paths.collector(tenantId, connectionId));
  const make = useMutation({
    mutationFn: () => send<Installation>('POST', route, {}),
    onSuccess: (installation) => {
      keepFreshKey(connectionId, installation);
      setFresh(installation);
      void renewed();
    },
    onError: toast.failed,
  });
  const close = useMutation({
    mutationFn: () => send<null>('DELETE', route),
    onSuccess: () => {
      forgetFreshKey(connectionId);
      setFresh(null);
      toast.done(collector.key?.state === 'used' ? 'The key is no longer shown.' : 'The key opens nothing any more.');
      void renewed();
    },
    onError: toast.failed,
  });
  const key = collector.key;
  const closeButton = (
    <Button variant="default" loading={close.isPending} onClick={() => close.mutate()}>
      Close key
    </Button>
  );
  if (key?.state === 'used') {
    return (
      <Stack gap="sm" maw={720} mb="md">
        <Text>
          The key was used <RelativeTime at={key.usedAt} />. It works once: to install a collector on another machine,{' '}
          <a href={pages.newConnection(tenantId, connector)}>create another connector</a>.
        </Text>
        {fresh === null ? null : <Group>{closeButton}</Group>}
      </Stack>
    );
  }
  if (fresh !== null && key?.state === 'open') {
    return (
      <Stack gap="sm" maw={720} mb="md">
        <CopyField label="Installation key" value={fresh.key} />
        <Text size="sm" c="dimmed">
          It works once, until <RelativeTime at={fresh.expiresAt} />, and is shown on this page only until you leave it.
          Close it when the installer has taken it.
        </Text>
        <Group>{closeButton}</Group>
      </Stack>
    );
  }
  return (
    <Stack gap="sm" maw={720} mb="md">
      <Text>{unusedWords[key?.state ?? 'closed']}</Text>
      {mayChange ? (
        <Group>
          <Button leftSection={<IconKey size={16} />} loading={make.isPending} onClick={() => make.mutate()}>
            Make a new key
          </Button>
          {key?.state === 'open' ? closeButton : null}
        </Group>
      ) : (
        <Text size="sm" c="dimmed">
          An administrator of this tenant can make a key.
        </Text>
      )}
    </Stack>
  );
}

const unusedWords = {
  open: 'There is a key that nobody used yet. It was shown once, when it was made; a new one takes its place.',
  closed: 'The key was closed before a collector used it.',
  expired: 'The key has expired before a collector used it.',
} as const;

function Registration({ tenantId, connection, collector }: KeyProps) {
  const { device, sources } = collector;
  return (
    <Stack gap="sm" maw={720} aria-live="polite">
      <Group gap="sm">
        <HealthBadge health={connection.connectivity} />
        {device === null ? null : <Text>{`Registered on ${device.host}`}</Text>}
      </Group>
      {device === null ? (
        <Text c="dimmed" size="sm">
          This page notices by itself. The collector connects to this server over HTTPS and nothing connects to it, so
          no firewall has to be opened inwards.
        </Text>
      ) : (
        <Text>
          {sources.length === 0
            ? 'It has not said yet what it can read. '
            : `It can read ${count(sources.length, 'system')}: ${sources.map(({ name }) => name).join(', ')}. `}
          <a href={pages.connection(tenantId, connection.connectionId)}>See how it goes</a>
        </Text>
      )}
      {device !== null && connection.connectivity === 'failed' ? (
        <Notice tone="critical">
          <a href={pages.activity(tenantId, connection.connectionId)}>Its activity history</a> says what it reports.
        </Notice>
      ) : null}
    </Stack>
  );
}
