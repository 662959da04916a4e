import { RelativeTime, Section, useApi } from '@gatehouse/ui';
import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { PasswordRequest } from '../api/types.ts';
import type { FieldSpec } from '../parts/Field.tsx';
import { FormDialog } from '../parts/Form.tsx';

type Decision = { readonly request: PasswordRequest; readonly decision: 'granted' | 'denied' } | null;
const fields: readonly FieldSpec[] = [{ name: 'comment', title: 'Why', kind: 'area' }];

/** Requests that wait for whoever looks; nothing is shown where there are none. */
export function Approvals() {
  const waiting = useApi(paths.myApprovals({ limit: '50' }), { every: 10_000 });
  const [asked, setAsked] = useState<Decision>(null);
  const items = waiting.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Section title="Waiting for you" lead="Somebody asks for a password that you may grant.">
      <Stack gap="sm">
        {items.map((request) => (
          <Paper key={request.requestId} p="sm" withBorder>
            <Group justify="space-between">
              <div>
                <Text size="sm">
                  <b>{request.asker}</b> asks to {request.purpose === 'use' ? 'use' : 'see'} <b>{request.about}</b> for{' '}
                  {request.minutes} minutes, <RelativeTime at={request.createdAt} />
                </Text>
                <Text size="sm" c="dimmed">
                  {request.comment || 'No reason was given.'}
                </Text>
              </div>
              <Group gap="xs">
                <Button size="compact-sm" onClick={() => setAsked({ request, decision: 'granted' })}>
                  Grant
                </Button>
                <Button size="compact-sm" variant="default" onClick={() => setAsked({ request, decision: 'denied' })}>
                  Deny
                </Button>
              </Group>
            </Group>
          </Paper>
        ))}
      </Stack>
      <FormDialog
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={`${asked?.decision === 'denied' ? 'Deny' : 'Grant'} the request of ${asked?.request.asker ?? ''}?`}
        fields={fields}
        method="POST"
        path={`/api/requests/${asked?.request.requestId ?? ''}/decision`}
        action={asked?.decision === 'denied' ? 'Deny' : 'Grant'}
        done={asked?.decision === 'denied' ? 'Denied.' : 'Granted.'}
        refresh={['/api/my', '/api/requests', '/api/overview']}
        toBody={(body) => ({ comment: '', ...body, decision: asked?.decision })}
      />
    </Section>
  );
}
