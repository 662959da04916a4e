import { EmptyState, Facts, Loaded, Page, Section, useApi, useCrumbs } from '@gatehouse/ui';
import { Code, Stack } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { Credential, System } from '../api/types.ts';
import { credentialColumns } from '../credentials/columns.tsx';
import { AddButton } from '../parts/AddButton.tsx';
import { useParam } from '../parts/address.ts';
import { entriesOf, Field, type FieldSpec } from '../parts/Field.tsx';
import { Form } from '../parts/Form.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { ServerList } from '../parts/ServerList.tsx';
import { kindTitles } from '../parts/words.ts';
import { systemFields } from './fields.ts';

const refresh = ['/api/systems', '/api/sets', '/api/overview'];
const first: readonly FieldSpec[] = systemFields('linux').slice(0, 1);

export function NewSystemPage() {
  useCrumbs({ title: 'Systems', href: '/systems' }, { title: 'Add system' });
  const { history } = useRouter();
  return (
    <Page title="Add system">
      <Section title="System">
        <Form<System>
          fields={first}
          start={{ kind: 'linux' }}
          method="POST"
          path="/api/systems"
          action="Add system"
          done="System added. Now add its accounts."
          refresh={refresh}
          more={(values, set, errors) =>
            systemFields(String(values.kind))
              .slice(1)
              .map((field) => <Field key={field.name} field={field} values={values} errors={errors} set={set} />)
          }
          toBody={linesOf}
          onDone={({ systemId }) => history.push(`/systems/${systemId}`)}
        />
      </Section>
    </Page>
  );
}

/** Its accounts, how it is reached, and what is trusted there. */
export function SystemPage() {
  const id = useParam('id');
  const system = useApi(paths.system(id));
  useCrumbs({ title: 'Systems', href: '/systems' }, { title: system.data?.name ?? '…' });
  return (
    <Loaded query={system} rows={5} height={44}>
      {(found) => <Known key={id} system={found} />}
    </Loaded>
  );
}

function Known({ system }: { system: System }) {
  const { history } = useRouter();
  const [version, setVersion] = useState(0);
  const { systemId, name, kind } = system;
  const add = <AddButton href={`/credentials/new?systemId=${systemId}`}>Add credential</AddButton>;
  return (
    <Page
      title={name}
      lead={kindTitles[kind]}
      actions={
        <>
          <RemoveButton
            path={`/api/systems/${systemId}`}
            title={`Delete ${name}?`}
            action="Delete"
            done="System deleted."
            refresh={['/api/systems?', '/api/sets', '/api/overview']}
            onDone={() => history.push('/systems')}
          >
            Only a system without credentials can be deleted.
          </RemoveButton>
          {add}
        </>
      }
    >
      <Stack gap="md">
        <Section title="Credentials">
          <ServerList<Credential>
            id="credentials-of-system"
            label="Credentials of this system"
            columns={credentialColumns.filter((column) => column.name !== 'systemName')}
            path={paths.credentials}
            fixed={{ systemId }}
            isPart
            rowId={({ credentialId }) => credentialId}
            rowHref={({ credentialId }) => `/credentials/${credentialId}`}
            searchLabel="Search accounts"
            empty={
              <EmptyState title="No account of it is kept yet" actions={add}>
                Add the first: its name and its password.
              </EmptyState>
            }
          />
        </Section>
        <Section title="Trust" lead="Only a server that proves itself with one of these is given a password.">
          <Trust system={system} />
        </Section>
        <Section title="Settings">
          <Form<System>
            key={version}
            fields={systemFields(kind)}
            start={{ ...system, address: withPort(system), trust: system.trust }}
            method="PATCH"
            path={`/api/systems/${systemId}`}
            action="Save"
            done="System saved."
            refresh={[...refresh, '/api/credentials']}
            onDone={() => setVersion(version + 1)}
          />
        </Section>
      </Stack>
    </Page>
  );
}

const withPort = ({ address, port }: System) => (address === null || port === null ? address : hostPort(address, port));
const hostPort = (host: string, port: number) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);

function Trust({ system }: { system: System }) {
  if (system.trust.length === 0)
    return (
      <span>
        Nothing is pinned. A host that is reached by SSH gets its key pinned once it let an account in for the first
        time; others are trusted by the authorities of this machine.
      </span>
    );
  return (
    <Facts
      facts={system.trust.map((one, at) => ({
        title: one.includes('SHA256:')
          ? `Fingerprint ${at + 1}`
          : one.startsWith('-')
            ? `Certificate ${at + 1}`
            : 'Without TLS',
        value: <Code style={{ overflowWrap: 'anywhere' }}>{one.length > 120 ? `${one.slice(28, 92)}…` : one}</Code>,
      }))}
    />
  );
}

/** Fields that the form itself does not know are settled here. */
const linesOf = (body: Readonly<Record<string, unknown>>) => ({
  ...body,
  ...(Array.isArray(body.trust) ? { trust: entriesOf(body.trust.map(String)) } : {}),
});
