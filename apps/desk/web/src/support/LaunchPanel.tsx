import { Notice, OutsideLink, send, toProblem } from '@gatehouse/ui';
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { IconDeviceDesktop, IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import type { LaunchAnswer } from '../../../src/api/keys.ts';
import type { Ticket } from './paths.ts';
import { supportPaths } from './paths.ts';

interface Launch {
  readonly in: 'console' | 'desktop';
  /** Opened while the button was pressed: later, browsers open nothing. Null: they did not then either. */
  readonly tab: Window | null;
}

/** Begins a session with a Jump Client that the ticket names: in a tab of the site's console, or by a file for the desktop one. */
export function LaunchPanel({ connectionId, ticket }: { connectionId: string; ticket: Ticket }) {
  const [search, setSearch] = useState(ticket.jumpSearch ?? '');
  const path = supportPaths.ticket(connectionId, ticket.id);
  const launch = useMutation({
    mutationFn: ({ in: where }: Launch) =>
      send<z.output<typeof LaunchAnswer>>('POST', `${path}/launch`, { search: search.trim(), in: where }),
    onSuccess: ({ url }, { in: where, tab }) => {
      if (where === 'desktop') location.assign(url);
      else if (tab !== null) tab.location.replace(url);
    },
    onError: (_error, { tab }) => tab?.close(),
  });
  const open = (where: Launch['in']) => {
    const tab = where === 'console' ? window.open('about:blank', '_blank') : null;
    if (tab !== null) tab.opener = null;
    launch.mutate({ in: where, tab });
  };
  const { data, error, variables } = launch;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        open('console');
      }}
    >
      <Stack gap="sm">
        {error === null ? null : (
          <Notice tone="critical" title="No session was started" isUrgent>
            {toProblem(error).detail}
          </Notice>
        )}
        {data !== undefined && variables?.in === 'console' && variables.tab === null ? (
          <Notice tone="medium" title="The browser opened no tab">
            <OutsideLink url={data.url} title="Open the console" />
          </Notice>
        ) : null}
        {data?.saved === 'denied' || data?.saved === 'unknown' ? (
          <Notice tone="medium" title="The ticket does not keep what was searched for">
            {data.saved === 'denied'
              ? 'The account of this connection may not change that field.'
              : 'It has no such field any more: test the connection.'}
          </Notice>
        ) : null}
        <TextInput
          label="Machine"
          description="Any part of its name, host name, comments or tag. The ticket keeps it."
          value={search}
          maxLength={255}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Group gap="sm">
          <Button
            type="submit"
            leftSection={<IconDeviceDesktop size={16} />}
            loading={launch.isPending}
            disabled={search.trim() === ''}
          >
            Start in the console
          </Button>
          <Button
            variant="default"
            leftSection={<IconDownload size={16} />}
            disabled={search.trim() === '' || launch.isPending}
            onClick={() => open('desktop')}
          >
            File for the desktop console
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
