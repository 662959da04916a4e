import { Facts, Page, RelativeTime, Section, type TableColumn, useApi, useCrumbs } from '@gatehouse/ui';
import { Button, Stack } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { type Item, paths } from '../api/paths.ts';
import { jumpClientInstallers, jumpClients } from '../objects/kinds.ts';
import { ObjectPage } from '../objects/ObjectPage.tsx';
import { NothingYet, ObjectTable } from '../objects/ObjectTable.tsx';
import { InstallerDialog } from './InstallerDialog.tsx';
import { InstallerRemove } from './InstallerRemove.tsx';
import { StatusTag } from './StatusTag.tsx';

const isOnline = (row: Item) => (row.status === 'online' ? 'online' : 'offline');
const column = (name: string, title: string, cell: TableColumn<Item>['cell']): TableColumn<Item> => ({
  ...{ name, title, type: 'text', sort: false, filter: false, width: 130 },
  ...(cell && { cell }),
});
const clientColumns = [
  column('status', 'Status', (row) => <StatusTag status={isOnline(row)} isLocked={row.is_locked === true} />),
  column('last_seen', 'Last seen', (row) => <RelativeTime at={String(row.last_seen)} />),
];
const installerColumns = [
  column('name', 'Name', (row) => (row.name ? String(row.name) : 'As the machine is called')),
  column('expiration_timestamp', 'Valid until', (row) => <RelativeTime at={String(row.expiration_timestamp)} />),
  column('remove', 'Delete', (row) => <InstallerRemove item={row} />),
];

/** The machines that are pinned, and what others are pinned with. */
export function JumpClientsPage() {
  useCrumbs({ title: 'Jump Clients' });
  const [isAdding, setAdding] = useState(false);
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      Install on a machine
    </Button>
  );
  return (
    <Page
      title="Jump Clients"
      lead="Machines on which representatives help, also when nobody is there. They only ever connect outwards."
      actions={add}
    >
      <ObjectTable
        kind={jumpClients}
        more={clientColumns}
        every={5_000}
        empty={
          <NothingYet kind={jumpClients} add={add}>
            Make an installer and run its one command on the machine. It appears here by itself.
          </NothingYet>
        }
      />
      <Section title="Installers">
        <ObjectTable
          kind={jumpClientInstallers}
          more={installerColumns}
          isPart
          empty={
            <NothingYet kind={jumpClientInstallers} add={null}>
              An installer is a key: whoever has it pins machines with what it says, until it expires.
            </NothingYet>
          }
        />
      </Section>
      <InstallerDialog opened={isAdding} onClose={() => setAdding(false)} />
    </Page>
  );
}

export const JumpClientPage = () => <ObjectPage kind={jumpClients} below={(id) => <Machine id={id} />} />;

/** What the machine says of itself. */
function Machine({ id }: { id: string }) {
  const { id: shown = id } = useParams({ strict: false }) as { id?: string };
  const found = useApi(paths.item(jumpClients.api, shown), { every: 15_000 });
  if (found.data === undefined) return null;
  const { data: item } = found;
  const said = (name: string) => (typeof item[name] === 'string' && item[name] !== '' ? String(item[name]) : '—');
  const allowed = [
    item.allows_shell === true && 'shells',
    item.allows_files === true && 'files',
    item.allows_hosts === true && 'other hosts',
  ].filter((one) => one !== false);
  return (
    <Section title="Machine">
      <Stack gap="sm">
        <Facts
          facts={[
            { title: 'Status', value: <StatusTag status={isOnline(item)} isLocked={item.is_locked === true} /> },
            { title: 'Last seen', value: <RelativeTime at={said('last_seen')} /> },
            { title: 'Host name', value: said('hostname') },
            { title: 'Operating system', value: said('operating_system') },
            { title: 'Public address', value: said('public_ip') },
            { title: 'Private address', value: said('private_ip') },
            { title: 'Signed in', value: said('console_user') },
            { title: 'Version', value: said('version') },
            { title: 'Its settings allow', value: allowed.length === 0 ? 'Nothing' : allowed.join(', ') },
          ]}
        />
      </Stack>
    </Section>
  );
}
