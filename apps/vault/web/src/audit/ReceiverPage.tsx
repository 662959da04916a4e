import { Facts, formatTime, Loaded, Notice, Page, Section, useApi, useCrumbs } from '@gatehouse/ui';
import { Button, Stack } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { Receiver } from '../api/types.ts';
import { useParam } from '../parts/address.ts';
import { Form } from '../parts/Form.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { useSend } from '../parts/use-send.ts';
import { healthTitles, receiverFields } from './receiver-fields.ts';

export function ReceiverPage() {
  const id = useParam('id');
  const receiver = useApi(paths.receiver(id), { every: 5_000 });
  useCrumbs(
    { title: 'Audit', href: '/audit' },
    { title: 'Receivers', href: '/audit/receivers' },
    { title: receiver.data?.name ?? '…' },
  );
  return (
    <Loaded query={receiver} rows={5} height={44}>
      {(found) => <Known key={id} receiver={found} />}
    </Loaded>
  );
}

function Known({ receiver }: { receiver: Receiver }) {
  const { history } = useRouter();
  const { receiverId, name, transport, host, port, format, certificateAuthorities, enabled } = receiver;
  const [version, setVersion] = useState(0);
  const test = useSend<{ works: boolean; message: string }>();
  return (
    <Page
      title={name}
      lead={`${transport}://${host}:${port}`}
      actions={
        <>
          <Button
            leftSection={<IconSend size={16} />}
            loading={test.isPending}
            onClick={() => test.mutate({ method: 'POST', path: `/api/audit/receivers/${receiverId}/test` })}
          >
            Send test message
          </Button>
          <RemoveButton
            path={`/api/audit/receivers/${receiverId}`}
            title={`Delete ${name}?`}
            action="Delete"
            done="Receiver deleted."
            refresh={['/api/audit/receivers?']}
            onDone={() => history.push('/audit/receivers')}
          >
            It is sent nothing any more. The audit stays here.
          </RemoveButton>
        </>
      }
    >
      <Stack gap="md">
        {test.data === undefined ? null : (
          <Notice
            tone={test.data.works ? 'low' : 'critical'}
            title={test.data.works ? 'The test message was sent' : 'The test message could not be sent'}
            isUrgent
          >
            {test.data.message}
          </Notice>
        )}
        <Health receiver={receiver} />
        <Section title="Settings">
          <Form
            key={version}
            fields={receiverFields}
            start={{ name, transport, host, port, format, certificateAuthorities, enabled }}
            method="PATCH"
            path={`/api/audit/receivers/${receiverId}`}
            action="Save"
            done="Receiver saved."
            refresh={['/api/audit/receivers']}
            onDone={() => setVersion(version + 1)}
          />
        </Section>
      </Stack>
    </Page>
  );
}

function Health({ receiver }: { receiver: Receiver }) {
  const { health, advice, acknowledgedSeq, acknowledgedAt, behind, nextAttemptAt } = receiver;
  return (
    <Section title="Health">
      <Stack gap="md">
        {advice === null ? null : (
          <Notice tone="critical" title="It takes nothing">
            {advice}
          </Notice>
        )}
        <Facts
          facts={[
            { title: 'Health', value: healthTitles[health] },
            { title: 'Newest entry that it has', value: acknowledgedSeq === 0 ? 'None' : String(acknowledgedSeq) },
            { title: 'Last sent', value: acknowledgedAt === null ? 'Never' : formatTime(new Date(acknowledgedAt)) },
            { title: 'Entries to come', value: String(behind) },
            ...(nextAttemptAt === null ? [] : [{ title: 'Tried again', value: formatTime(new Date(nextAttemptAt)) }]),
          ]}
        />
      </Stack>
    </Section>
  );
}
