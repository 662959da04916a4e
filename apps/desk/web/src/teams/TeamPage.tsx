import { EmptyState, Loaded, Page, Section, type TableColumn, useApi, useCrumbs } from '@gatehouse/ui';
import { Button, Group, Stack } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { paths, type Team, type TeamMember } from '../api/paths.ts';
import { useMe } from '../frame/use-me.ts';
import { useParam } from '../parts/address.ts';
import { NameForm } from '../parts/NameForm.tsx';
import { PickPerson } from '../parts/PickField.tsx';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { ServerList } from '../parts/ServerList.tsx';
import { useSend } from '../parts/use-send.ts';

export function TeamPage() {
  const id = useParam('id');
  const team = useApi(paths.team(id));
  useCrumbs({ title: 'Teams', href: '/teams' }, { title: team.data?.name ?? '…' });
  return (
    <Loaded query={team} rows={5} height={44}>
      {(found) => <Known key={found.id} team={found} />}
    </Loaded>
  );
}

const refresh = ['/api/teams'];

function Known({ team: { id, name, comment } }: { team: Team }) {
  const { history } = useRouter();
  const mayManage = useMe()?.mayManage === true;
  return (
    <Page
      title={name}
      lead={comment}
      actions={
        <>
          <Button component="a" variant="default" href={`/cases?team=${id}&status=unresolved`}>
            Its cases
          </Button>
          {mayManage ? (
            <RemoveButton
              path={`/api/teams/${id}`}
              title={`Delete ${name}?`}
              action="Delete"
              done="Team deleted."
              refresh={['/api/teams?']}
              onDone={() => history.push('/teams')}
            >
              Only a team without cases can be deleted.
            </RemoveButton>
          ) : null}
        </>
      }
    >
      <Stack gap="md">
        <Members teamId={id} mayManage={mayManage} />
        {mayManage ? (
          <Section title="Settings">
            <NameForm<Team>
              start={{ name, comment }}
              method="PATCH"
              path={`/api/teams/${id}`}
              action="Save"
              done="Team saved."
              refresh={refresh}
            />
          </Section>
        ) : null}
      </Stack>
    </Page>
  );
}

const plain = { type: 'text', sort: false, filter: false } as const;
const columns: readonly TableColumn<TeamMember>[] = [
  { ...plain, name: 'name', title: 'Name', width: 220 },
  { ...plain, name: 'email', title: 'E-mail', width: 260 },
];

function Members({ teamId, mayManage }: { teamId: string; mayManage: boolean }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const put = useSend({ refresh, done: 'Member added.', onDone: () => setChosen(null) });
  const remove: TableColumn<TeamMember> = {
    ...{ ...plain, name: 'remove', title: '', width: 60 },
    cell: ({ id, name }) => (
      <RemoveButton
        isIcon
        path={`/api/teams/${teamId}/members/${id}`}
        title={`Take ${name} out of the team?`}
        action="Take out"
        done="Taken out of the team."
        refresh={refresh}
      >
        Cases that they have stay with them.
      </RemoveButton>
    ),
  };
  return (
    <Section title="Members">
      {mayManage ? (
        <Group align="flex-end" mb="md">
          <PickPerson
            key={String(chosen === null)}
            label="Person"
            none="Type to search"
            assignable
            name={undefined}
            value={chosen}
            onChange={setChosen}
          />
          <Button
            variant="default"
            disabled={chosen === null}
            loading={put.isPending}
            onClick={() => put.mutate({ method: 'PUT', path: `/api/teams/${teamId}/members/${chosen}` })}
          >
            Add to the team
          </Button>
        </Group>
      ) : null}
      <ServerList<TeamMember>
        id="members"
        label="Members of this team"
        columns={mayManage ? [...columns, remove] : columns}
        path={(query) => paths.members(teamId, query)}
        isPart
        rowId={({ id }) => id}
        empty={<EmptyState title="Nobody is in this team yet" />}
      />
    </Section>
  );
}
