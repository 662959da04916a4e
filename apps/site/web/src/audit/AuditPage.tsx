import { EmptyState, Facts, formatTime, JsonView, Page, ServerList, type TableColumn, useCrumbs } from '@gatehouse/ui';
import { Button, Modal, Stack } from '@mantine/core';
import { useMemo, useState } from 'react';
import { type AuditRow, paths } from '../api/paths.ts';

/** Who changed what. Written in the same transaction as the change, and never altered. */
export function AuditPage() {
  useCrumbs({ title: 'Audit' });
  const [opened, setOpened] = useState<AuditRow | null>(null);
  const columns = useMemo(() => columnsOf(setOpened), []);
  return (
    <Page
      title="Audit"
      lead="Who changed what, newest first: people, programs and this machine. Secrets are never in it."
    >
      <ServerList<AuditRow>
        id="site.audit"
        label="Audit"
        columns={columns}
        path={paths.audit}
        rowId={({ id }) => id}
        searchLabel="Search the audit"
        empty={<EmptyState title="Nothing was changed yet" />}
      />
      <Modal opened={opened !== null} onClose={() => setOpened(null)} title={opened?.action} size="lg">
        {opened === null ? null : <Entry entry={opened} />}
      </Modal>
    </Page>
  );
}

const plain = { type: 'text', sort: false, filter: false } as const;
const columnsOf = (open: (entry: AuditRow) => void): readonly TableColumn<AuditRow>[] => [
  { name: 'at', title: 'When', type: 'time', sort: false, filter: false, width: 140 },
  { ...plain, name: 'actor', title: 'Who', width: 260 },
  { ...plain, name: 'action', title: 'What', width: 230 },
  { ...plain, name: 'target', title: 'On', width: 270 },
  {
    ...{ ...plain, name: 'change', title: 'Change', width: 90 },
    cell: (entry) => (
      <Button
        size="compact-xs"
        variant="subtle"
        onClick={() => open(entry)}
        aria-label={`Show the change: ${entry.action}, ${entry.target}`}
      >
        Show
      </Button>
    ),
  },
];

function Entry({ entry: { at, actor, action, target, correlationId, change } }: { entry: AuditRow }) {
  return (
    <Stack gap="md">
      <Facts
        facts={[
          { title: 'When', value: formatTime(new Date(at)) },
          { title: 'Who', value: actor },
          { title: 'What', value: action },
          { title: 'On', value: target },
          { title: 'Correlation id', value: correlationId },
        ]}
      />
      {Object.keys(change).length === 0 ? null : <JsonView value={change} label="What changed" />}
    </Stack>
  );
}
