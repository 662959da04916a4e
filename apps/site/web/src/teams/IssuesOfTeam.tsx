import { EmptyState, Section, ServerList, type TableColumn } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type Item, paths } from '../api/paths.ts';
import { priorities } from '../support-sessions/words.tsx';

const issuesPage = '/login/support-issues';

/** What customers choose to come to a team. */
export function IssuesOfTeam({ id }: { id: string }) {
  return (
    <Section
      title="Issues"
      lead="What customers choose on the portal to come to this team."
      actions={
        <Button
          component="a"
          size="compact-sm"
          variant="default"
          href={`${issuesPage}/new`}
          leftSection={<IconPlus size={15} />}
        >
          Add issue
        </Button>
      }
    >
      <ServerList<Item>
        isPart
        id="site.issues-of-team"
        label="Issues of the team"
        columns={columns}
        path={(query) => paths.list('/api/support-issues', query)}
        fixed={{ team_id: id }}
        rowId={(issue) => String(issue.id)}
        rowHref={(issue) => `${issuesPage}/${String(issue.id)}`}
        empty={
          <EmptyState title="No issue leads here">
            Customers come by a session key for this team, or are transferred to it.
          </EmptyState>
        }
      />
    </Section>
  );
}

const plain = { type: 'text', sort: false, filter: false } as const;
const columns: readonly TableColumn<Item>[] = [
  { ...plain, name: 'description', title: 'Description', width: 300 },
  { ...plain, name: 'code_name', title: 'Code name', width: 180 },
  {
    ...{ ...plain, name: 'priority', title: 'Priority', width: 110 },
    cell: ({ priority }) => priorities[Number(priority)] ?? String(priority),
  },
];
