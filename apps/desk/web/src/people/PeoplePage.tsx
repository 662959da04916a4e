import { EmptyState, type FormErrors, Page, type TableColumn, Tag, useCrumbs } from '@gatehouse/ui';
import { ActionIcon, Button, Group, Modal, Select, Stack, TextInput, Tooltip } from '@mantine/core';
import { IconPencil, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { type AddedPerson, type Person, paths, type Role } from '../api/paths.ts';
import { useMe } from '../frame/use-me.ts';
import { AddButton } from '../parts/AddButton.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { type Choice, ServerList } from '../parts/ServerList.tsx';
import { ShownOnce } from '../parts/ShownOnce.tsx';
import { useForm } from '../parts/use-form.ts';
import { useSend } from '../parts/use-send.ts';

const roleWords: Readonly<Record<Role, string>> = {
  ...{ customer: 'Customer', technician: 'Technician', manager: 'Manager' },
};
const roleChoices = Object.entries(roleWords).map(([value, label]) => ({ value, label }));
const plain = { type: 'text', sort: false, filter: false } as const;
const refresh = ['/api/desk/people'];
const roles: Choice = { name: 'role', title: 'Role', values: roleChoices };
const columns: readonly TableColumn<Person>[] = [
  { ...plain, name: 'name', title: 'Name', width: 200 },
  { ...plain, name: 'email', title: 'E-mail', width: 250 },
  { ...plain, name: 'login', title: 'Login', width: 200 },
  {
    ...{ ...plain, name: 'signsIn', title: 'Signs in', width: 100 },
    cell: ({ signsIn }) => <Tag tone={signsIn ? 'good' : 'quiet'}>{signsIn ? 'Yes' : 'No'}</Tag>,
  },
];
const roleColumn: TableColumn<Person> = {
  ...{ ...plain, name: 'role', title: 'Role', width: 170 },
  cell: ({ role }) => roleWords[role],
};

/** Customers, and those who work at the desk. */
export function PeoplePage() {
  useCrumbs({ title: 'People' });
  const me = useMe();
  const mayManage = me?.mayManage === true;
  const [isAdding, setAdding] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  const managed: readonly TableColumn<Person>[] = [
    { ...roleColumn, cell: (person) => <RoleField person={person} /> },
    {
      ...{ ...plain, name: 'more', title: '', width: 90 },
      cell: (person) => <Acts person={person} />,
    },
  ];
  const add = <AddButton onClick={() => setAdding(true)}>Add person</AddButton>;
  return (
    <Page title="People" lead="Customers who ask for help, and those who work at this desk." actions={add}>
      <ServerList<Person>
        id="people"
        label="People"
        columns={[...columns, ...(mayManage ? managed : [roleColumn])]}
        path={paths.people}
        choices={[roles]}
        rowId={({ id }) => id}
        searchLabel="Search people"
        empty={
          <EmptyState icon={<IconUsers size={28} stroke={1.5} />} title="Nobody yet" actions={add}>
            Add the first customer.
          </EmptyState>
        }
      />
      <Modal opened={isAdding} onClose={() => setAdding(false)} title="Add person" size="lg">
        <AddForm
          mayManage={mayManage}
          onCancel={() => setAdding(false)}
          onDone={(made) => {
            setAdding(false);
            setLink(made.link);
          }}
        />
      </Modal>
      <ShownOnce
        title="Send this link to them"
        label="One-time link to set a password"
        value={link}
        onClose={() => setLink(null)}
      />
    </Page>
  );
}

function RoleField({ person: { id, name, role, signsIn, isSystemAdministrator } }: { person: Person }) {
  const change = useSend({ refresh, done: 'Role changed.' });
  // Administrators of the program are managers whatever is chosen here; customers are invited to become more.
  if (isSystemAdministrator || !signsIn) return roleWords[role];
  return (
    <Select
      size="xs"
      aria-label={`Role of ${name}`}
      data={roleChoices}
      allowDeselect={false}
      disabled={change.isPending}
      value={role}
      onChange={(next) =>
        next !== null && change.mutate({ method: 'PATCH', path: `/api/desk/people/${id}`, body: { role: next } })
      }
    />
  );
}

function Acts({ person }: { person: Person }) {
  const { id, name, signsIn } = person;
  const [isEditing, setEditing] = useState(false);
  return (
    <Group gap={4} wrap="nowrap">
      <Tooltip label="Edit">
        <ActionIcon variant="subtle" color="gray" aria-label={`Edit ${name}`} onClick={() => setEditing(true)}>
          <IconPencil size={16} />
        </ActionIcon>
      </Tooltip>
      {signsIn ? null : (
        <RemoveButton
          isIcon
          path={`/api/desk/people/${id}`}
          title={`Remove ${name}?`}
          action="Remove"
          done="Person removed."
          refresh={refresh}
        >
          Only somebody without a case can be removed.
        </RemoveButton>
      )}
      <Modal opened={isEditing} onClose={() => setEditing(false)} title={`Edit ${name}`} size="lg">
        <EditForm person={person} onDone={() => setEditing(false)} />
      </Modal>
    </Group>
  );
}

/** Whoever signs in keeps their name and address themselves; what other systems know them by is kept here. */
function EditForm({ person: { id, name, email, login, signsIn }, onDone }: { person: Person; onDone(): void }) {
  const form = useForm({
    ...{ start: { name, email: email ?? '', login }, method: 'PATCH', path: `/api/desk/people/${id}` },
    ...{ refresh, done: 'Person saved.', onDone },
    toBody: (values) =>
      signsIn ? { login: values.login } : { ...values, email: values.email.trim() === '' ? null : values.email.trim() },
  });
  return (
    <form noValidate onSubmit={form.submit}>
      <Stack gap="md">
        {signsIn ? null : <NameFields {...form} />}
        <LoginField {...form} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={form.isSaving}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface FieldsProps {
  values: { readonly name: string; readonly email: string; readonly login: string };
  errors: FormErrors;
  set(change: { readonly name?: string; readonly email?: string; readonly login?: string }): void;
}

const NameFields = ({ values, errors, set, needsEmail }: FieldsProps & { needsEmail?: boolean }) => (
  <>
    <TextInput
      label="Name"
      withAsterisk
      value={values.name}
      error={errors.name}
      onChange={(event) => set({ name: event.currentTarget.value })}
    />
    <TextInput
      label="E-mail"
      type="email"
      withAsterisk={needsEmail ?? false}
      value={values.email}
      error={errors.email}
      onChange={(event) => set({ email: event.currentTarget.value })}
    />
  </>
);

const LoginField = ({ values, errors, set }: FieldsProps) => (
  <TextInput
    label="Login"
    description="What other systems know them by, such as the site of support sessions. Left empty: the address."
    value={values.login}
    error={errors.login}
    onChange={(event) => set({ login: event.currentTarget.value })}
  />
);

interface AddFormProps {
  mayManage: boolean;
  onCancel(): void;
  onDone(made: AddedPerson): void;
}
const start = { name: '', email: '', login: '', role: 'customer' };

function AddForm({ mayManage, onCancel, onDone }: AddFormProps) {
  const form = useForm<typeof start, AddedPerson>({
    ...{ start, method: 'POST', path: '/api/desk/people', refresh, done: 'Person added.', onDone },
    toBody: ({ name, email, login, role }) => ({
      ...{ name, role, email: email.trim() === '' ? null : email.trim() },
      ...(login.trim() === '' ? {} : { login }),
    }),
  });
  const { values, set } = form;
  const isCustomer = values.role === 'customer';
  return (
    <form noValidate onSubmit={form.submit}>
      <Stack gap="md">
        {mayManage ? (
          <Select
            label="Role"
            description={isCustomer ? 'Asks for help, and does not sign in.' : 'Is invited with a link, and signs in.'}
            data={roleChoices}
            allowDeselect={false}
            value={values.role}
            onChange={(role) => set({ role: role ?? 'customer' })}
          />
        ) : null}
        <NameFields {...form} needsEmail={!isCustomer} />
        <LoginField {...form} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={form.isSaving}>
            {isCustomer ? 'Add customer' : 'Invite'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
