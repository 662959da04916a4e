import {
  EmptyState,
  type FormValues,
  Loaded,
  Page,
  Section,
  ShownOnce,
  type TableColumn,
  useApi,
  useCrumbs,
} from '@gatehouse/ui';
import { Anchor, Button, Group, Stack } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { Identity } from '../api/types.ts';
import { useParam } from '../parts/address.ts';
import type { FieldSpec } from '../parts/Field.tsx';
import { Form } from '../parts/Form.tsx';
import { PickField } from '../parts/PickField.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { ServerList } from '../parts/ServerList.tsx';
import { useSend } from '../parts/use-send.ts';
import { identityTitles } from '../parts/words.ts';
import { ImpersonationTable } from './ImpersonationTable.tsx';
import { PersonSelect } from './PersonSelect.tsx';
import { RightsTable } from './RightsTable.tsx';

const fields: readonly FieldSpec[] = [
  { name: 'enabled', title: 'Enabled', kind: 'switch', description: 'Disabled, its tokens end at once.' },
  { name: 'comment', title: 'Comment', kind: 'area' },
];

export function IdentityPage() {
  const id = useParam('id');
  const identity = useApi(paths.identity(id));
  useCrumbs({ title: 'Identities', href: '/identities' }, { title: identity.data?.name ?? '…' });
  return (
    <Loaded query={identity} rows={5} height={44}>
      {(found) => <Known key={id} identity={found} />}
    </Loaded>
  );
}

function Known({ identity }: { identity: Identity }) {
  const { identityId, name, kind, comment, enabled, personId } = identity;
  const { history } = useRouter();
  const isSomebody = kind !== 'role' && kind !== 'domain_group';
  return (
    <Page
      title={name}
      lead={identityTitles[kind]}
      actions={
        <>
          {kind === 'explicit' ? (
            <>
              <SecondFactor identity={identity} />
              <NewPassword identity={identity} />
            </>
          ) : null}
          <RemoveButton
            path={`/api/identities/${identityId}?force=true`}
            title={`Delete ${name}?`}
            action="Delete"
            done="Identity deleted."
            refresh={['/api/identities?', '/api/delegations', '/api/permissions', '/api/impersonations']}
            onDone={() => history.push('/identities')}
          >
            All rights that it has go with it. What it did stays in the audit.
          </RemoveButton>
        </>
      }
    >
      <Stack gap="md">
        {kind === 'role' ? <Members roleId={identityId} /> : null}
        <Section title="Account rights">
          <RightsTable identityId={identityId} />
        </Section>
        {isSomebody || kind === 'role' ? (
          <Section
            title="Impersonation mappings"
            lead={`Identities in whose name ${name} may act, and roles whose members it may act for.`}
          >
            <ImpersonationTable identityId={identityId} />
          </Section>
        ) : null}
        <Section
          title="Settings"
          lead={
            <>
              What it may do everywhere is under <Anchor href="/permissions">Global permissions</Anchor>.
            </>
          }
        >
          <Form
            fields={fields}
            start={{ enabled, comment, personId }}
            method="PATCH"
            path={`/api/identities/${identityId}`}
            action="Save"
            done="Identity saved."
            refresh={['/api/identities']}
            more={(values, set, errors) =>
              isSomebody ? (
                <PersonSelect
                  value={typeof values.personId === 'string' ? values.personId : null}
                  onChange={(next) => set({ personId: next } satisfies FormValues)}
                  error={errors.personId}
                />
              ) : null
            }
          />
        </Section>
      </Stack>
    </Page>
  );
}

function NewPassword({ identity: { identityId, name, maySignIn } }: { identity: Identity }) {
  const [shown, setShown] = useState<string | null>(null);
  const make = useSend<{ password: string | null }>({
    refresh: ['/api/identities'],
    onDone: ({ password }) => setShown(password),
  });
  return (
    <>
      <Button
        variant="default"
        loading={make.isPending}
        onClick={() =>
          make.mutate({ method: 'PUT', path: `/api/identities/${identityId}/password`, body: { from: 'random' } })
        }
      >
        {maySignIn ? 'Make a new password' : 'Make a password'}
      </Button>
      <ShownOnce title={`Password of ${name}`} label="Password" value={shown} onClose={() => setShown(null)} />
    </>
  );
}

/** A code beside the password, for log-ins to the web services. */
function SecondFactor({ identity: { identityId, name, hasSecondFactor } }: { identity: Identity }) {
  const [shown, setShown] = useState<string | null>(null);
  const path = `/api/identities/${identityId}/second-factor`;
  const refresh = ['/api/identities'];
  const make = useSend<{ address: string }>({ refresh, onDone: ({ address }) => setShown(address) });
  return (
    <>
      {hasSecondFactor ? (
        <RemoveButton
          path={path}
          title={`Take the second factor of ${name} away?`}
          action="Take second factor away"
          done="Second factor taken away."
          refresh={refresh}
        >
          It logs in with its password alone then. Its tokens end at once.
        </RemoveButton>
      ) : (
        <Button variant="default" loading={make.isPending} onClick={() => make.mutate({ method: 'PUT', path })}>
          Add second factor
        </Button>
      )}
      <ShownOnce
        title={`Second factor of ${name}`}
        label="Address for an authenticator app"
        value={shown}
        onClose={() => setShown(null)}
      />
    </>
  );
}

const plain = { type: 'text', sort: false, filter: false } as const;

function Members({ roleId }: { roleId: string }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const refresh = ['/api/identities'];
  const add = useSend({ refresh, done: 'Role given.', onDone: () => setChosen(null) });
  const columns: readonly TableColumn<Identity>[] = [
    { ...plain, name: 'name', title: 'Member', width: 240 },
    { ...plain, name: 'kind', title: 'Kind', width: 180, cell: ({ kind }) => identityTitles[kind] },
    {
      ...{ ...plain, name: 'remove', title: '', width: 60 },
      cell: ({ identityId, name }) => (
        <RemoveButton
          isIcon
          path={`/api/identities/${roleId}/members/${identityId}`}
          title={`Take the role from ${name}?`}
          action="Take the role away"
          done="Role taken away."
          refresh={refresh}
        >
          It loses the rights of the role at once.
        </RemoveButton>
      ),
    },
  ];
  return (
    <Section title="Members" lead="Each has the rights of the role.">
      <Group align="flex-end" mb="md">
        <PickField of="identities" label="Identity to add" value={chosen} onChange={setChosen} />
        <Button
          variant="default"
          disabled={chosen === null}
          loading={add.isPending}
          onClick={() => add.mutate({ method: 'PUT', path: `/api/identities/${roleId}/members/${chosen ?? ''}` })}
        >
          Give the role
        </Button>
      </Group>
      <ServerList<Identity>
        id="members"
        label="Members"
        columns={columns}
        path={paths.members(roleId)}
        isPart
        rowId={({ identityId }) => identityId}
        rowHref={({ identityId }) => `/identities/${identityId}`}
        empty={<EmptyState title="Nobody has this role yet">Choose an identity above.</EmptyState>}
      />
    </Section>
  );
}
