import { EmptyState, Page, type TableColumn, useCrumbs } from '@gatehouse/ui';
import { Button, Checkbox, Group, Modal, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconApi, IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { type Account, type NewToken, paths } from '../api/paths.ts';
import { AddButton } from '../parts/AddButton.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { ServerList } from '../parts/ServerList.tsx';
import { ShownOnce } from '../parts/ShownOnce.tsx';
import { useForm } from '../parts/use-form.ts';
import { useSend } from '../parts/use-send.ts';

const plain = { type: 'text', sort: false, filter: false } as const;
const refresh = ['/api/accounts'];
const permissionWords: Readonly<Record<Account['permissions'][number], string>> = {
  'cases.read': 'Read cases and what changed',
  'cases.write': 'Write fields and move cases to another status',
  'cases.create': 'Make cases',
  'notes.read': 'Read notes',
  'notes.write': 'Write notes of sessions',
  'replies.write': 'Answer customers',
  'people.read': 'Find people',
};

/** What programs come with, such as the support sessions of Gatehouse. */
export function AccountsPage() {
  useCrumbs({ title: 'Accounts' });
  const [isAdding, setAdding] = useState(false);
  const [token, setToken] = useState<string | null>(null);
  const columns: readonly TableColumn<Account>[] = [
    { ...plain, name: 'login', title: 'Login', width: 180 },
    {
      ...{ ...plain, name: 'permissions', title: 'Permissions', width: 300 },
      cell: ({ permissions }) => permissions.join(', '),
    },
    {
      ...{ ...plain, name: 'tokenBegins', title: 'Token', width: 140 },
      cell: ({ tokenBegins }) => `${tokenBegins}…`,
    },
    { ...plain, name: 'lastUsedAt', title: 'Last used', type: 'time' },
    { ...plain, name: 'enabled', title: 'Enabled', width: 90, cell: (account) => <Enabled account={account} /> },
    {
      ...{ ...plain, name: 'more', title: '', width: 160 },
      cell: (account) => <Acts account={account} onToken={setToken} />,
    },
  ];
  const add = <AddButton onClick={() => setAdding(true)}>Add account</AddButton>;
  return (
    <Page title="Accounts" lead="What programs read and write cases with. Each has a token of its own." actions={add}>
      <ServerList<Account>
        id="accounts"
        label="Accounts"
        columns={columns}
        path={paths.accounts}
        rowId={({ id }) => id}
        searchLabel="Search accounts"
        empty={
          <EmptyState icon={<IconApi size={28} stroke={1.5} />} title="No account yet" actions={add}>
            Support sessions write to cases with an account of their own.
          </EmptyState>
        }
      />
      <Modal opened={isAdding} onClose={() => setAdding(false)} title="Add account" size="lg">
        <AddForm
          onCancel={() => setAdding(false)}
          onDone={(made) => {
            setAdding(false);
            setToken(made.token);
          }}
        />
      </Modal>
      <ShownOnce title="The token of the account" label="Token" value={token} onClose={() => setToken(null)} />
    </Page>
  );
}

function Enabled({ account: { id, login, enabled } }: { account: Account }) {
  const change = useSend({ refresh });
  return (
    <Switch
      size="xs"
      aria-label={`Enabled: ${login}`}
      checked={enabled}
      disabled={change.isPending}
      onChange={(event) =>
        change.mutate({
          ...{ method: 'PATCH', path: `/api/accounts/${id}` },
          body: { enabled: event.currentTarget.checked },
        })
      }
    />
  );
}

function Acts({ account: { id, login }, onToken }: { account: Account; onToken(token: string): void }) {
  const [isAsking, setAsking] = useState(false);
  const renew = useSend<NewToken>({
    refresh,
    onDone: ({ token }) => {
      setAsking(false);
      onToken(token);
    },
  });
  return (
    <Group gap={4} wrap="nowrap">
      <Button size="compact-sm" variant="subtle" onClick={() => setAsking(true)} aria-label={`New token for ${login}`}>
        New token
      </Button>
      <Modal opened={isAsking} onClose={() => setAsking(false)} title={`Make a new token for ${login}?`}>
        <Text size="sm">The token that it has now opens nothing from then on.</Text>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setAsking(false)}>
            Cancel
          </Button>
          <Button
            leftSection={<IconKey size={16} />}
            loading={renew.isPending}
            onClick={() => renew.mutate({ method: 'POST', path: `/api/accounts/${id}/token` })}
          >
            Make token
          </Button>
        </Group>
      </Modal>
      <RemoveButton
        isIcon
        path={`/api/accounts/${id}`}
        title={`Delete ${login}?`}
        action="Delete"
        done="Account deleted."
        refresh={refresh}
      >
        Its token opens nothing from then on.
      </RemoveButton>
    </Group>
  );
}

const start = {
  login: '',
  permissions: ['cases.read', 'cases.write', 'notes.read', 'notes.write', 'people.read'] as readonly string[],
};

function AddForm({ onCancel, onDone }: { onCancel(): void; onDone(made: NewToken): void }) {
  const form = useForm<typeof start, NewToken>({
    ...{ start, method: 'POST', path: '/api/accounts', refresh, toBody: (values) => values, onDone },
  });
  const { values, errors, set } = form;
  return (
    <form noValidate onSubmit={form.submit}>
      <Stack gap="md">
        <TextInput
          label="Login"
          withAsterisk
          description="What its notes are signed with."
          autoComplete="off"
          value={values.login}
          error={errors.login}
          onChange={(event) => set({ login: event.currentTarget.value })}
        />
        <Checkbox.Group
          label="What it may do"
          description="Those that support sessions need are chosen."
          value={[...values.permissions]}
          error={errors.permissions}
          onChange={(permissions) => set({ permissions })}
        >
          <Stack gap={8} mt="xs">
            {Object.entries(permissionWords).map(([value, words]) => (
              <Checkbox key={value} value={value} label={words} description={value} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={form.isSaving}>
            Add account
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
