import { EmptyState, Page, type TableColumn, useCrumbs } from '@gatehouse/ui';
import { Modal } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { paths, type Team } from '../api/paths.ts';
import { useMe } from '../frame/use-me.ts';
import { AddButton } from '../parts/AddButton.tsx';
import { NameForm } from '../parts/NameForm.tsx';
import { ServerList } from '../parts/ServerList.tsx';

const plain = { sort: false, filter: false } as const;
const columns: readonly TableColumn<Team>[] = [
  { ...plain, name: 'name', title: 'Team', type: 'text', width: 240 },
  { ...plain, name: 'members', title: 'Members', type: 'number' },
  { ...plain, name: 'openCases', title: 'Cases not resolved', type: 'number', width: 160 },
  { ...plain, name: 'comment', title: 'Comment', type: 'text', width: 320 },
];
const start = { name: '', comment: '' };

export function TeamsPage() {
  useCrumbs({ title: 'Teams' });
  const { history } = useRouter();
  const mayManage = useMe()?.mayManage === true;
  const [isAdding, setAdding] = useState(false);
  const add = mayManage ? <AddButton onClick={() => setAdding(true)}>Add team</AddButton> : null;
  return (
    <Page title="Teams" lead="Those who work on cases together." actions={add}>
      <ServerList<Team>
        id="teams"
        label="Teams"
        columns={columns}
        path={paths.teams}
        rowId={({ id }) => id}
        rowHref={({ id }) => `/teams/${id}`}
        searchLabel="Search teams"
        empty={
          <EmptyState icon={<IconUsersGroup size={28} stroke={1.5} />} title="No team yet" actions={add}>
            Cases can be given to a team before somebody of it takes them.
          </EmptyState>
        }
      />
      <Modal opened={isAdding} onClose={() => setAdding(false)} title="Add team" size="lg">
        <NameForm<Team>
          start={start}
          method="POST"
          path="/api/teams"
          action="Add team"
          done="Team added."
          refresh={['/api/teams']}
          onCancel={() => setAdding(false)}
          onDone={({ id }) => history.push(`/teams/${id}`)}
        />
      </Modal>
    </Page>
  );
}
