import { EmptyState, Page, type TableColumn, useCrumbs } from '@gatehouse/ui';
import { IconWorld } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { Directory } from '../api/types.ts';
import { AddButton } from '../parts/AddButton.tsx';
import { FormDialog } from '../parts/Form.tsx';
import { ServerList } from '../parts/ServerList.tsx';
import { domainFields } from './domain-fields.ts';

const plain = { type: 'text', sort: false, filter: false } as const;
const columns: readonly TableColumn<Directory>[] = [
  { ...plain, name: 'netbiosName', title: 'Domain', width: 160 },
  { ...plain, name: 'dnsName', title: 'DNS name', width: 220 },
  { name: 'controllers', title: 'Domain controllers', type: 'list', sort: false, filter: false, width: 320 },
  {
    ...{ ...plain, name: 'bindName', title: 'Reads groups as', width: 220 },
    cell: ({ bindName }) => bindName ?? 'Nobody',
  },
];

/** Domains whose accounts may sign in. */
export function DomainsPage() {
  useCrumbs({ title: 'Domains' });
  const { history } = useRouter();
  const [isAdding, setAdding] = useState(false);
  const add = <AddButton onClick={() => setAdding(true)}>Add domain</AddButton>;
  return (
    <Page
      title="Domains"
      lead="Directories whose accounts may sign in to the web services, and whose groups may have rights."
      actions={add}
    >
      <ServerList<Directory>
        id="domains"
        label="Domains"
        columns={columns}
        path={paths.directories}
        rowId={({ directoryId }) => directoryId}
        rowHref={({ directoryId }) => `/domains/${directoryId}`}
        empty={
          <EmptyState icon={<IconWorld size={28} stroke={1.5} />} title="No domain yet" actions={add}>
            Without one, only explicit identities sign in with a password.
          </EmptyState>
        }
      />
      <FormDialog<Directory>
        opened={isAdding}
        onClose={() => setAdding(false)}
        title="Add domain"
        fields={domainFields}
        start={{ controllers: [] }}
        method="POST"
        path="/api/directories"
        action="Add domain"
        done="Domain added. Test the connection."
        refresh={['/api/directories']}
        onDone={({ directoryId }) => history.push(`/domains/${directoryId}`)}
      />
    </Page>
  );
}
