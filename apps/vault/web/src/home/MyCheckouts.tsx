import { EmptyState, formatDuration, formatTime, Loaded, Section, Tag, useApi } from '@gatehouse/ui';
import { Button, Group, Table, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { paths } from '../api/paths.ts';
import type { Checkout } from '../api/types.ts';
import { useSend } from '../parts/use-send.ts';
import { RevealButton } from './RevealButton.tsx';

/** What the identity has checked out, with the time that is left. */
export function MyCheckouts({ reveal }: { reveal: boolean }) {
  const mine = useApi(paths.myCheckouts({ limit: '200' }), { every: 10_000 });
  return (
    <Section
      title="Checked out by you"
      lead="Check a password in as soon as you are done; with auto-spin it is changed then."
    >
      <Loaded query={mine} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="You have nothing checked out" />
          ) : (
            <Table.ScrollContainer minWidth={560}>
              <Table aria-label="Checked out by you" fz="sm" verticalSpacing={8}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Account</Table.Th>
                    <Table.Th>Time left</Table.Th>
                    <Table.Th>Why</Table.Th>
                    <Table.Th>What you can do</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((checkout) => (
                    <Row key={checkout.checkoutId} checkout={checkout} reveal={reveal} />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Loaded>
    </Section>
  );
}

function Row({ checkout, reveal }: { checkout: Checkout; reveal: boolean }) {
  const { checkoutId, about, expiresAt, comment, credentialId } = checkout;
  const checkIn = useSend({ refresh: ['/api/my', '/api/checkouts', '/api/overview'], done: 'Checked in.' });
  return (
    <Table.Tr>
      <Table.Td>{about}</Table.Td>
      <Table.Td>
        <TimeLeft until={expiresAt} />
      </Table.Td>
      <Table.Td>{comment || '—'}</Table.Td>
      <Table.Td>
        <Group gap="xs">
          <Button
            size="compact-sm"
            loading={checkIn.isPending}
            onClick={() => checkIn.mutate({ method: 'POST', path: `/api/my/checkouts/${checkoutId}/check-in` })}
          >
            Check in
          </Button>
          {reveal && credentialId !== null ? (
            <RevealButton checkoutId={checkoutId} credentialId={credentialId} about={about} />
          ) : null}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function TimeLeft({ until }: { until: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = (Date.parse(until) - now) / 1_000;
  if (seconds <= 0) return <Tag tone="quiet">Over</Tag>;
  return (
    <Text size="sm" component="span" title={formatTime(new Date(until))}>
      {formatDuration(seconds)}
    </Text>
  );
}
