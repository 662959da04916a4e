import {
  ConfirmDialog,
  CopyField,
  EmptyState,
  Loaded,
  Notice,
  Page,
  RelativeTime,
  send,
  Tag,
  toast,
  toProblem,
  useApi,
  useCrumbs,
  useRefresh,
} from '@gatehouse/ui';
import {
  ActionIcon,
  Button,
  Group,
  Modal,
  Paper,
  Select,
  Stack,
  Table,
  Text,
  TextInput,
  VisuallyHidden,
} from '@mantine/core';
import {
  IconMailForward,
  IconShieldCheck,
  IconShieldOff,
  IconTrash,
  IconUserPlus,
  IconUsers,
} from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTenantId } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { Invitation, TenantPerson } from '../api/types.ts';
import { useMay } from '../frame/tenant.ts';

type Role = TenantPerson['role'];
const roles: { value: Role; label: string; description: string }[] = [
  { value: 'reader', label: 'Reader', description: 'sees everything in this tenant' },
  { value: 'analyst', label: 'Analyst', description: 'also runs connectors, decides on findings and identities' },
  {
    value: 'administrator',
    label: 'Administrator',
    description: 'also changes connectors, settings, webhooks and people',
  },
];

/** Who may see this tenant, and what they may do in it. */
export function PeoplePage() {
  const tenantId = useTenantId();
  useCrumbs({ title: 'People' });
  const people = useApi(paths.people(tenantId));
  const mayChange = useMay('administrator');
  const refresh = useRefresh();
  const [isInviting, setInviting] = useState(false);
  const [removed, setRemoved] = useState<TenantPerson | null>(null);
  const change = useMutation({
    mutationFn: ({ person, role }: { person: TenantPerson; role: Role }) =>
      send('PUT', `${paths.people(tenantId)}/${person.personId}`, { role }),
    onSuccess: (_answer, { person, role }) => {
      void refresh(paths.people(tenantId));
      toast.done(`${person.name} is ${role === 'reader' ? 'a reader' : `an ${role}`} now.`, () =>
        change.mutate({ person: { ...person, role }, role: person.role }),
      );
    },
    onError: toast.failed,
  });
  const remove = useMutation({
    mutationFn: ({ personId }: TenantPerson) => send('DELETE', `${paths.people(tenantId)}/${personId}`),
    onSuccess: () => {
      setRemoved(null);
      void refresh(paths.people(tenantId));
      toast.done('Their access to this tenant has ended.');
    },
    onError: toast.failed,
  });
  return (
    <Page
      title="People"
      lead="Readers see, analysts decide, administrators change. Administrators of this server may do all of it in every tenant, and are not listed."
      actions={
        mayChange ? (
          <Button leftSection={<IconUserPlus size={16} />} onClick={() => setInviting(true)}>
            Invite a person
          </Button>
        ) : null
      }
    >
      <Loaded query={people} rows={4} height={44}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState icon={<IconUsers size={28} stroke={1.5} />} title="Nobody has been invited yet">
              {mayChange
                ? 'Invite the people who look after this organisation, each with the role that they need.'
                : null}
            </EmptyState>
          ) : (
            <Paper style={{ overflowX: 'auto' }}>
              <Table fz="sm" aria-label="People" horizontalSpacing="md" verticalSpacing={8}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Name</Table.Th>
                    <Table.Th>Role</Table.Th>
                    <Table.Th>Second step</Table.Th>
                    <Table.Th>Last sign-in</Table.Th>
                    {mayChange ? (
                      <Table.Th>
                        <VisuallyHidden>Actions</VisuallyHidden>
                      </Table.Th>
                    ) : null}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {all.map((person) => (
                    <Table.Tr key={person.personId}>
                      <Table.Td>
                        <Text size="sm" fw={550}>
                          {person.name}
                        </Text>
                        <Text size="xs" c="dimmed">
                          {person.email}
                        </Text>
                      </Table.Td>
                      <Table.Td>
                        {mayChange ? (
                          <Select
                            aria-label={`Role of ${person.name}`}
                            w={160}
                            size="xs"
                            allowDeselect={false}
                            data={roles.map(({ value, label }) => ({ value, label }))}
                            value={person.role}
                            onChange={(role) => {
                              if (role !== null && role !== person.role) change.mutate({ person, role: role as Role });
                            }}
                          />
                        ) : (
                          roles.find(({ value }) => value === person.role)?.label
                        )}
                      </Table.Td>
                      <Table.Td>
                        {person.twoFactor ? (
                          <Tag tone="good" icon={<IconShieldCheck size={13} />}>
                            On
                          </Tag>
                        ) : (
                          <Tag tone="medium" icon={<IconShieldOff size={13} />}>
                            Off
                          </Tag>
                        )}
                      </Table.Td>
                      <Table.Td>
                        <RelativeTime at={person.lastSignInAt} none="Never" />
                      </Table.Td>
                      {mayChange ? (
                        <Table.Td ta="right">
                          <ActionIcon
                            onClick={() => setRemoved(person)}
                            aria-label={`End the access of ${person.name}`}
                          >
                            <IconTrash size={16} />
                          </ActionIcon>
                        </Table.Td>
                      ) : null}
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Paper>
          )
        }
      </Loaded>
      <Modal opened={isInviting} onClose={() => setInviting(false)} title="Invite a person">
        <Invite tenantId={tenantId} onClose={() => setInviting(false)} />
      </Modal>
      <ConfirmDialog
        opened={removed !== null}
        title={`End the access of ${removed?.name ?? ''}?`}
        action="End access"
        danger
        busy={remove.isPending}
        onConfirm={() => removed !== null && remove.mutate(removed)}
        onClose={() => setRemoved(null)}
      >
        They no longer see this tenant. What they did stays in the audit log. Their account on this server stays.
      </ConfirmDialog>
    </Page>
  );
}

function Invite({ tenantId, onClose }: { tenantId: string; onClose(): void }) {
  const refresh = useRefresh();
  const [role, setRole] = useState<Role>('reader');
  const invite = useMutation({
    mutationFn: (body: { email: string; role: Role }) => send<Invitation>('POST', paths.people(tenantId), body),
    onSuccess: ({ person, link }) => {
      void refresh(paths.people(tenantId));
      if (link === null) {
        toast.done(`${person.name} has access now.`);
        onClose();
      }
    },
  });
  if (invite.data?.link)
    return (
      <Stack gap="md">
        <Notice tone="low" icon={<IconMailForward size={17} />} title="Send this link to the new person">
          It works once, and is shown this once.
        </Notice>
        <CopyField label={`One-time link for ${invite.data.person.email}`} value={invite.data.link} />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    );
  const problem = invite.error === null ? null : toProblem(invite.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    invite.mutate({ email: String(new FormData(event.currentTarget).get('email') ?? '').trim(), role });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          name="email"
          type="email"
          label="E-mail"
          required
          maxLength={300}
          data-autofocus
          error={problem === null ? undefined : (problem.fields.email ?? problem.message)}
        />
        <Select
          label="Role"
          allowDeselect={false}
          data={roles.map(({ value, label }) => ({ value, label }))}
          value={role}
          onChange={(next) => setRole((next ?? 'reader') as Role)}
          description={`A person with this role ${roles.find(({ value }) => value === role)?.description}.`}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={invite.isPending}>
            Invite
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
