import { EmptyState, Page, RelativeTime, ShownOnce, type TableColumn, useCrumbs } from '@gatehouse/ui';
import { ActionIcon, Group, Switch, Tooltip } from '@mantine/core';
import { IconApi, IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { NewRegistration, Registration } from '../api/types.ts';
import { AddButton } from '../parts/AddButton.tsx';
import type { FieldSpec } from '../parts/Field.tsx';
import { FormDialog } from '../parts/Form.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { ServerList } from '../parts/ServerList.tsx';
import { useSend } from '../parts/use-send.ts';

const refresh = ['/api/registrations'];
const networks: FieldSpec = {
  ...{ name: 'networks', title: 'Networks it may call from', kind: 'lines' },
  description: 'One a line, such as 10.1.0.0/16, 10.1.0.0/255.255.0.0 or 2001:db8::7. Empty: from everywhere.',
};
const plain = { type: 'text', sort: false, filter: false } as const;

/** Programs that may call the web services. */
export function RegistrationsPage() {
  useCrumbs({ title: 'API registrations' });
  const [isAdding, setAdding] = useState(false);
  const [made, setMade] = useState<NewRegistration | null>(null);
  const [edited, setEdited] = useState<Registration | null>(null);
  const change = useSend({ refresh });
  const columns: readonly TableColumn<Registration>[] = [
    { ...plain, name: 'name', title: 'Program', width: 220 },
    {
      ...{ ...plain, name: 'networks', title: 'Networks', width: 280 },
      cell: (row) => (row.networks.length === 0 ? 'Everywhere' : row.networks.join(', ')),
    },
    {
      ...{ ...plain, name: 'enabled', title: 'Enabled', width: 110 },
      cell: ({ registrationId, name, enabled }) => (
        <Switch
          size="xs"
          aria-label={`Enabled: ${name}`}
          checked={enabled}
          disabled={change.isPending}
          onChange={(event) =>
            change.mutate({
              ...{ method: 'PATCH', path: `/api/registrations/${registrationId}` },
              body: { enabled: event.currentTarget.checked },
            })
          }
        />
      ),
    },
    {
      ...plain,
      name: 'usedAt',
      title: 'Last used',
      width: 140,
      cell: (row) => <RelativeTime at={row.usedAt} none="Never" />,
    },
    {
      ...{ ...plain, name: 'remove', title: '', width: 90 },
      cell: (row) => (
        <Group gap={4} wrap="nowrap">
          <Tooltip label="Edit networks">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Edit networks of ${row.name}`}
              onClick={() => setEdited(row)}
            >
              <IconPencil size={16} />
            </ActionIcon>
          </Tooltip>
          <RemoveButton
            isIcon
            path={`/api/registrations/${row.registrationId}`}
            title={`Delete ${row.name}?`}
            action="Delete registration"
            done="API registration deleted."
            refresh={refresh}
          >
            The program that has its key is refused from now on.
          </RemoveButton>
        </Group>
      ),
    },
  ];
  const add = <AddButton onClick={() => setAdding(true)}>Register a program</AddButton>;
  return (
    <Page
      title="API registrations"
      lead="Once one is registered, the web services answer only programs that bring a registration key."
      actions={add}
    >
      <ServerList<Registration>
        id="registrations"
        label="API registrations"
        columns={columns}
        path={paths.registrations}
        rowId={({ registrationId }) => registrationId}
        empty={
          <EmptyState icon={<IconApi size={28} stroke={1.5} />} title="No program is registered yet" actions={add}>
            Its key goes into the settings of the program, for example of an Endpoint Credential Manager.
          </EmptyState>
        }
      />
      <FormDialog<NewRegistration>
        opened={isAdding}
        onClose={() => setAdding(false)}
        title="Register a program"
        fields={[{ name: 'name', title: 'Name', required: true }, networks]}
        start={{ networks: [] }}
        method="POST"
        path="/api/registrations"
        action="Register"
        refresh={refresh}
        onDone={setMade}
      />
      <FormDialog
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={`Networks of ${edited?.name ?? ''}`}
        fields={[networks]}
        start={{ networks: edited?.networks ?? [] }}
        method="PATCH"
        path={`/api/registrations/${edited?.registrationId ?? ''}`}
        action="Save"
        done="Networks saved."
        refresh={refresh}
      />
      <ShownOnce
        title={`Registration key of ${made?.name ?? ''}`}
        label="API registration key"
        value={made?.key ?? null}
        onClose={() => setMade(null)}
      />
    </Page>
  );
}
