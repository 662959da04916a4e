import { Facts, Loaded, Page, RelativeTime, Section, useApi, useCrumbs } from '@gatehouse/ui';
import { Anchor, Button, Stack } from '@mantine/core';
import { IconPencil, IconRefresh, IconShieldCheck } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { Credential } from '../api/types.ts';
import { RightsTable } from '../delegation/RightsTable.tsx';
import { JobProgress } from '../jobs/JobProgress.tsx';
import { JobTable } from '../jobs/JobTable.tsx';
import { useParam } from '../parts/address.ts';
import { FormDialog } from '../parts/Form.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { VerifiedTag } from '../parts/tags.tsx';
import { useSend } from '../parts/use-send.ts';
import { accountWords, typeTitles } from '../parts/words.ts';
import { CheckoutTable } from '../requests/CheckoutTable.tsx';
import { EditCredential } from './EditCredential.tsx';
import { SecretFields, secretOf } from './SecretFields.tsx';

/** One account: how it stands, what can be done with it, who may and who did. */
export function CredentialPage() {
  const id = useParam('id');
  const credential = useApi(paths.credential(id));
  const name = credential.data === undefined ? '…' : accountWords(credential.data);
  useCrumbs({ title: 'Credentials', href: '/credentials' }, { title: name });
  return (
    <Loaded query={credential} rows={6} height={44}>
      {(found) => <Known key={id} credential={found} name={name} />}
    </Loaded>
  );
}

function Known({ credential, name }: { credential: Credential; name: string }) {
  const { credentialId, systemId, systemName } = credential;
  const [jobId, setJobId] = useState<number | null>(null);
  const [isEditing, setEditing] = useState(false);
  const start = useSend<{ jobId: number }>({ refresh: ['/api/jobs'], onDone: (made) => setJobId(made.jobId) });
  const run = (what: 'change' | 'verify') =>
    start.mutate({ method: 'POST', path: `/api/credentials/${credentialId}/${what}` });
  return (
    <Page
      title={name}
      aside={<VerifiedTag {...credential} />}
      lead={
        <>
          {typeTitles[credential.type]} on <Anchor href={`/systems/${systemId}`}>{systemName}</Anchor>
        </>
      }
      actions={
        <>
          <Button leftSection={<IconRefresh size={16} />} loading={start.isPending} onClick={() => run('change')}>
            Change now
          </Button>
          <Button
            variant="default"
            leftSection={<IconShieldCheck size={16} />}
            disabled={!credential.hasSecret || start.isPending}
            onClick={() => run('verify')}
          >
            Verify now
          </Button>
          <StoreButton credential={credential} />
          <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => setEditing(true)}>
            Edit
          </Button>
          <DeleteButton credential={credential} name={name} />
        </>
      }
    >
      <Stack gap="md">
        {jobId === null ? null : <JobProgress key={jobId} jobId={jobId} refresh={`/api/credentials/${credentialId}`} />}
        <Section title="How it stands">
          <CredentialFacts credential={credential} />
        </Section>
        <Section title="Account rights" lead="What identities may do with this credential.">
          <RightsTable credentialId={credentialId} />
        </Section>
        <Section title="Check-out history">
          <CheckoutTable credentialId={credentialId} />
        </Section>
        <Section title="Jobs">
          <JobTable credentialId={credentialId} />
        </Section>
      </Stack>
      <EditCredential credential={credential} opened={isEditing} onClose={() => setEditing(false)} />
    </Page>
  );
}

function CredentialFacts({ credential }: { credential: Credential }) {
  const { policyId, isRandom, hasSecret, formerSecrets, comment, assetTag } = credential;
  const policy = useApi(paths.policy(policyId ?? ''), { enabled: policyId !== null });
  return (
    <Facts
      facts={[
        {
          title: 'Password policy',
          value:
            policyId === null ? (
              'The vault’s own'
            ) : (
              <Anchor href={`/policies/${policyId}`}>{policy.data?.name ?? '…'}</Anchor>
            ),
        },
        { title: 'Auto-spin', value: credential.autoSpin ? 'Changed after each check-in' : 'No' },
        {
          title: 'Password',
          value: !hasSecret ? 'None stored' : isRandom ? 'Made by the vault' : 'Entered by a person',
        },
        { title: 'Last change', value: <RelativeTime at={credential.secretAt} none="Never" /> },
        { title: 'Last verified', value: <RelativeTime at={credential.verifiedAt} none="Never" /> },
        { title: 'Former passwords kept', value: String(formerSecrets) },
        { title: 'Comment', value: comment || '—' },
        { title: 'Asset tag', value: assetTag || '—' },
      ]}
    />
  );
}

function StoreButton({ credential }: { credential: Credential }) {
  const [isOpen, setOpen] = useState(false);
  const { credentialId, type, policyId } = credential;
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Store a new {type === 'ssh_key' ? 'key' : 'password'}
      </Button>
      <FormDialog
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={type === 'ssh_key' ? 'Store a new key' : 'Store a new password'}
        fields={[]}
        start={{ secretFrom: 'entered' }}
        method="PUT"
        path={`/api/credentials/${credentialId}/secret`}
        action="Store"
        done="Stored. Verify it to see that it works."
        refresh={['/api/credentials']}
        toBody={secretOf}
        more={(values, set, errors) => (
          <SecretFields values={values} set={set} errors={errors} type={type} policyId={policyId} />
        )}
      />
    </>
  );
}

function DeleteButton({ credential, name }: { credential: Credential; name: string }) {
  const { history } = useRouter();
  return (
    <RemoveButton
      path={`/api/credentials/${credential.credentialId}`}
      title={`Delete ${name}?`}
      action="Delete"
      done="Credential deleted."
      refresh={['/api/credentials?', '/api/overview']}
      onDone={() => history.push('/credentials')}
    >
      Its password and every former one are deleted with it. Nobody can sign in to {credential.systemName} with them
      unless they know them from elsewhere. The account itself is not changed.
    </RemoveButton>
  );
}
