import { Facts, RelativeTime, Section } from '@gatehouse/ui';
import { Button, Select, Stack } from '@mantine/core';
import { IconUserCheck } from '@tabler/icons-react';
import type { WholeCase } from '../api/paths.ts';
import { PickPerson, PickTeam } from '../parts/PickField.tsx';
import { useSend } from '../parts/use-send.ts';
import { statusWords, tableWords } from './words.tsx';

/** Status, people and team of a case; each is kept as soon as it is chosen. */
export function CaseFacts({ one, me }: { one: WholeCase; me: string }) {
  const { id, status, nextStatuses, requester, assignee, team } = one;
  const change = useSend({ refresh: ['/api/cases'], done: 'Case changed.' });
  const set = (body: object) => change.mutate({ method: 'PATCH', path: `/api/cases/${id}`, body });
  const wordsOf = (person: typeof requester) =>
    person === null ? undefined : `${person.name} · ${person.email ?? person.login}`;
  return (
    <Section title="Case">
      <Stack gap="sm">
        <Select
          label="Status"
          data={[status, ...nextStatuses].map((value) => ({ value, label: statusWords[value] }))}
          allowDeselect={false}
          disabled={change.isPending}
          value={status}
          onChange={(next) => next !== null && next !== status && set({ status: next })}
        />
        <PickPerson
          key={`assignee ${assignee?.id}`}
          label="Assignee"
          none="Nobody"
          assignable
          value={assignee?.id ?? null}
          name={wordsOf(assignee)}
          disabled={change.isPending}
          onChange={(next) => set({ assignee: next })}
        />
        {me !== '' && assignee?.id !== me ? (
          <Button
            variant="default"
            leftSection={<IconUserCheck size={16} />}
            disabled={change.isPending}
            onClick={() => set({ assignee: me })}
          >
            Assign to me
          </Button>
        ) : null}
        <PickTeam
          key={`team ${team?.id}`}
          label="Team"
          none="No team"
          value={team?.id ?? null}
          name={team?.name}
          disabled={change.isPending}
          onChange={(next) => set({ team: next })}
        />
        <PickPerson
          key={`requester ${requester?.id}`}
          label="Requester"
          none="Nobody"
          value={requester?.id ?? null}
          name={wordsOf(requester)}
          disabled={change.isPending}
          onChange={(next) => set({ requester: next })}
        />
        <Facts
          narrow
          facts={[
            { title: 'Table', value: tableWords[one.table] },
            { title: 'Made by', value: one.createdBy },
            { title: 'Made', value: <RelativeTime at={one.createdAt} /> },
            { title: 'Changed', value: <RelativeTime at={one.changedAt} /> },
            ...(one.merged.length === 0 ? [] : [{ title: 'Merged into it', value: one.merged.join(', ') }]),
          ]}
        />
      </Stack>
    </Section>
  );
}
