import { EmptyState, Loaded, Page, Section, type TableColumn, useApi, useCrumbs } from '@gatehouse/ui';
import { Button, Group, Stack } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { ManagementSet, System } from '../api/types.ts';
import { RightsTable } from '../delegation/RightsTable.tsx';
import { useParam } from '../parts/address.ts';
import { Form } from '../parts/Form.tsx';
import { PickField } from '../parts/PickField.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { ServerList } from '../parts/ServerList.tsx';
import { useSend } from '../parts/use-send.ts';
import { setFields } from './SetsPage.tsx';
import { systemColumns } from './SystemsPage.tsx';

export function SetPage() {
  const id = useParam('id');
  const set = useApi(paths.set(id));
  useCrumbs({ title: 'Management sets', href: '/sets' }, { title: set.data?.name ?? '…' });
  return (
    <Loaded query={set} rows={5} height={44}>
      {(found) => <Known key={id} set={found} />}
    </Loaded>
  );
}

function Known({ set }: { set: ManagementSet }) {
  const { history } = useRouter();
  const { setId, name, comment } = set;
  return (
    <Page
      title={name}
      lead="Management set"
      actions={
        <>
          <Button component="a" variant="default" href={`/credentials?setId=${setId}`}>
            Its credentials
          </Button>
          <RemoveButton
            path={`/api/sets/${setId}`}
            title={`Delete ${name}?`}
            action="Delete"
            done="Management set deleted."
            refresh={['/api/sets?']}
            onDone={() => history.push('/sets')}
          >
            Its systems and their credentials stay.
          </RemoveButton>
        </>
      }
    >
      <Stack gap="md">
        <Members setId={setId} />
        <Section title="Account rights" lead="What identities may do with every credential of these systems.">
          <RightsTable setId={setId} />
        </Section>
        <Section title="Settings">
          <Form
            fields={setFields}
            start={{ name, comment }}
            method="PATCH"
            path={`/api/sets/${setId}`}
            action="Save"
            done="Management set saved."
            refresh={['/api/sets']}
          />
        </Section>
      </Stack>
    </Page>
  );
}

function Members({ setId }: { setId: string }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const refresh = ['/api/sets'];
  const put = useSend({ refresh, done: 'System added to the set.', onDone: () => setChosen(null) });
  const columns: readonly TableColumn<System>[] = [
    ...systemColumns.slice(0, 3),
    {
      ...{ name: 'remove', title: '', type: 'text', sort: false, filter: false, width: 60 },
      cell: ({ systemId, name }) => (
        <RemoveButton
          isIcon
          path={`/api/sets/${setId}/systems/${systemId}`}
          title={`Take ${name} out of the set?`}
          action="Take out"
          done="System taken out of the set."
          refresh={refresh}
        >
          Rights on this set end for its credentials. The system stays.
        </RemoveButton>
      ),
    },
  ];
  return (
    <Section title="Systems">
      <Group align="flex-end" mb="md">
        <PickField of="systems" label="System to add" value={chosen} onChange={setChosen} />
        <Button
          variant="default"
          disabled={chosen === null}
          loading={put.isPending}
          onClick={() => put.mutate({ method: 'PUT', path: `/api/sets/${setId}/systems/${chosen ?? ''}` })}
        >
          Add to the set
        </Button>
      </Group>
      <ServerList<System>
        id="systems-of-set"
        label="Systems of this set"
        columns={columns}
        path={paths.systemsOfSet(setId)}
        isPart
        rowId={({ systemId }) => systemId}
        rowHref={({ systemId }) => `/systems/${systemId}`}
        empty={<EmptyState title="No system in this set yet">Choose one above.</EmptyState>}
      />
    </Section>
  );
}
