import { Loaded, Notice, Page, Section, useApi, useCrumbs } from '@gatehouse/ui';
import { Button, Stack } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { Directory } from '../api/types.ts';
import { useParam } from '../parts/address.ts';
import { Form } from '../parts/Form.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { useSend } from '../parts/use-send.ts';
import { domainFields } from './domain-fields.ts';

export function DomainPage() {
  const id = useParam('id');
  const domain = useApi(paths.directory(id));
  useCrumbs({ title: 'Domains', href: '/domains' }, { title: domain.data?.netbiosName ?? '…' });
  return (
    <Loaded query={domain} rows={5} height={44}>
      {(found) => <Known key={id} domain={found} />}
    </Loaded>
  );
}

function Known({ domain }: { domain: Directory }) {
  const { history } = useRouter();
  const { directoryId, netbiosName, dnsName, controllers, certificateAuthorities, bindName } = domain;
  const [version, setVersion] = useState(0);
  const test = useSend<{ works: boolean; message: string }>();
  return (
    <Page
      title={netbiosName}
      lead={dnsName}
      actions={
        <>
          <Button
            leftSection={<IconPlugConnected size={16} />}
            loading={test.isPending}
            onClick={() => test.mutate({ method: 'POST', path: `/api/directories/${directoryId}/test` })}
          >
            Test connection
          </Button>
          <RemoveButton
            path={`/api/directories/${directoryId}`}
            title={`Delete ${netbiosName}?`}
            action="Delete"
            done="Domain deleted."
            refresh={['/api/directories?']}
            onDone={() => history.push('/domains')}
          >
            Its accounts can sign in no more.
          </RemoveButton>
        </>
      }
    >
      <Stack gap="md">
        {test.data === undefined ? null : (
          <Notice
            tone={test.data.works ? 'low' : 'critical'}
            title={test.data.works ? 'The connection works' : 'The connection does not work'}
            isUrgent
          >
            {test.data.message}
          </Notice>
        )}
        <Section title="Settings">
          <Form
            key={version}
            fields={domainFields}
            start={{ netbiosName, dnsName, controllers, certificateAuthorities, bindName }}
            method="PATCH"
            path={`/api/directories/${directoryId}`}
            action="Save"
            done="Domain saved."
            refresh={['/api/directories']}
            onDone={() => setVersion(version + 1)}
          />
        </Section>
      </Stack>
    </Page>
  );
}
