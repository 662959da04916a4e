import { EmptyState, Page, ShownOnce, type TableColumn, Tag, useCrumbs } from '@gatehouse/ui';
import { Button, Group, Switch } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { Person } from '../api/types.ts';
import type { FieldSpec } from '../parts/Field.tsx';
import { FormDialog } from '../parts/Form.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { ServerList } from '../parts/ServerList.tsx';
import { useSend } from '../parts/use-send.ts';

const plain = { type: 'text', sort: false, filter: false } as const;
const refresh = ['/api/people'];
const fields: readonly FieldSpec[] = [
  { name: 'email', title: 'E-mail', required: true },
  { name: 'name', title: 'Name' },
];

/** Who may sign in to these pages. */
export function PeoplePage() {
  useCrumbs({ title: 'People' });
  const [isInviting, setInviting] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  const change = useSend({ refresh });
  const renew = useSend<{ link: string }>({ onDone: (made) => setLink(made.link) });
  const columns: readonly TableColumn<Person>[] = [
    { ...plain, name: 'email', title: 'E-mail', width: 240 },
    { ...plain, name: 'name', title: 'Name', width: 180 },
    {
      ...{ ...plain, name: 'systemAdministrator', title: 'Administrator', width: 130 },
      cell: ({ personId, email, systemAdministrator }) => (
        <Switch
          size="xs"
          aria-label={`Administrator: ${email}`}
          checked={systemAdministrator}
          disabled={change.isPending}
          onChange={(event) =>
            change.mutate({
              ...{ method: 'PATCH', path: `/api/people/${personId}` },
              body: { systemAdministrator: event.currentTarget.checked },
            })
          }
        />
      ),
    },
    {
      ...{ ...plain, name: 'twoFactor', title: 'Second factor', width: 130 },
      cell: ({ twoFactor }) => <Tag tone={twoFactor ? 'good' : 'medium'}>{twoFactor ? 'On' : 'Off'}</Tag>,
    },
    { name: 'lastSignInAt', title: 'Last sign-in', type: 'time', sort: false, filter: false },
    {
      ...{ ...plain, name: 'remove', title: '', width: 150 },
      cell: ({ personId, email }) => (
        <Group gap={4} wrap="nowrap">
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => renew.mutate({ method: 'POST', path: `/api/people/${personId}/link` })}
          >
            New link
          </Button>
          <RemoveButton
            isIcon
            path={`/api/people/${personId}`}
            title={`Remove ${email}?`}
            action="Remove person"
            done="Person removed."
            refresh={refresh}
          >
            They are signed out everywhere. The identity that was linked with them stays.
          </RemoveButton>
        </Group>
      ),
    },
  ];
  return (
    <Page
      title="People"
      lead="Who signs in to these pages. What they may use in the vault comes from the identity that is linked with them."
      actions={
        <Button leftSection={<IconUserPlus size={16} />} onClick={() => setInviting(true)}>
          Invite a person
        </Button>
      }
    >
      <ServerList<Person>
        id="people"
        label="People"
        columns={columns}
        path={paths.people}
        rowId={({ personId }) => personId}
        empty={<EmptyState title="Nobody has been invited yet" />}
      />
      <FormDialog<{ link: string | null }>
        opened={isInviting}
        onClose={() => setInviting(false)}
        title="Invite a person"
        fields={fields}
        method="POST"
        path="/api/people"
        action="Invite"
        refresh={refresh}
        onDone={(made) => setLink(made.link)}
      />
      <ShownOnce
        title="Send this link to them"
        label="One-time link to set a password"
        value={link}
        onClose={() => setLink(null)}
      />
    </Page>
  );
}
