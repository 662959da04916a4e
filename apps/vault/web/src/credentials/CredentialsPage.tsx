import { EmptyState, Page, useCrumbs } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconDownload, IconKey, IconUpload } from '@tabler/icons-react';
import { paths } from '../api/paths.ts';
import type { Credential } from '../api/types.ts';
import { AddButton } from '../parts/AddButton.tsx';
import { usePlace } from '../parts/address.ts';
import { PickField } from '../parts/PickField.tsx';
import { type Choice, ServerList } from '../parts/ServerList.tsx';
import { choicesOf, typeTitles } from '../parts/words.ts';
import { credentialColumns } from './columns.tsx';

const choices: readonly Choice[] = [
  { name: 'type', title: 'Type', values: choicesOf(typeTitles) },
  {
    ...{ name: 'isVerified', title: 'Verification' },
    values: [
      { value: 'true', label: 'Verified' },
      { value: 'false', label: 'Failing' },
    ],
  },
  {
    ...{ name: 'hasSecret', title: 'Password' },
    values: [
      { value: 'true', label: 'Stored' },
      { value: 'false', label: 'None stored' },
    ],
  },
];

/** Every account whose password the vault keeps. */
export function CredentialsPage() {
  useCrumbs({ title: 'Credentials' });
  const [{ picked }, place] = usePlace(['systemId', 'setId']);
  const add = <AddButton href="/credentials/new">Add credential</AddButton>;
  return (
    <Page
      title="Credentials"
      lead="Accounts whose password or key the vault keeps, changes and verifies. No page of this list can show one."
      actions={
        <>
          <Button component="a" href="/credentials/import" variant="default" leftSection={<IconUpload size={16} />}>
            Import
          </Button>
          <Button
            component="a"
            href={`/api/credentials/export.csv${picked.setId ? `?setId=${picked.setId}` : ''}`}
            download
            variant="default"
            leftSection={<IconDownload size={16} />}
          >
            Export
          </Button>
          {add}
        </>
      }
    >
      <ServerList<Credential>
        id="credentials"
        label="Credentials"
        columns={credentialColumns}
        path={paths.credentials}
        choices={choices}
        fixed={{ systemId: picked.systemId ?? '', setId: picked.setId ?? '' }}
        extra={
          <PickField
            of="systems"
            label=""
            none="System: any"
            value={picked.systemId || null}
            onChange={(systemId) => place({ picked: { ...picked, systemId: systemId ?? '' } })}
          />
        }
        rowId={({ credentialId }) => credentialId}
        rowHref={({ credentialId }) => `/credentials/${credentialId}`}
        searchLabel="Search credentials"
        empty={
          <EmptyState icon={<IconKey size={28} stroke={1.5} />} title="No credential yet" actions={add}>
            Add the system that an account is on, and then the account with its password. Many at once come from a CSV
            file: choose Import.
          </EmptyState>
        }
      />
    </Page>
  );
}
