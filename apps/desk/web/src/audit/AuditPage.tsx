import { EmptyState, JsonView, Page, type TableColumn, useCrumbs } from '@gatehouse/ui';
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { type AuditEntry, paths } from '../api/paths.ts';
import { ServerList } from '../parts/ServerList.tsx';

const plain = { type: 'text', sort: false, filter: false } as const;

/** Who changed what. Written in the same transaction as the change, and never altered. */
export function AuditPage() {
  useCrumbs({ title: 'Audit' });
  const [opened, setOpened] = useState<AuditEntry | null>(null);
  const columns: readonly TableColumn<AuditEntry>[] = [
    { ...plain, name: 'at', title: 'When', type: 'time', width: 140 },
    { ...plain, name: 'actor', title: 'Who', width: 260 },
    { ...plain, name: 'action', title: 'What', width: 170 },
    { ...plain, name: 'target', title: 'On', width: 240 },
    {
      ...{ ...plain, name: 'change', title: 'Change', width: 90 },
      cell: (entry) => (
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => setOpened(entry)}
          aria-label={`Show the change: ${entry.action}, ${entry.target}`}
        >
          Show
        </Button>
      ),
    },
  ];
  return (
    <Page title="Audit" lead="Who changed what, newest first: people, programs and this machine.">
      <ServerList<AuditEntry>
        id="audit"
        label="Audit"
        columns={columns}
        path={paths.audit}
        rowId={({ id }) => id}
        searchLabel="Search the audit"
        empty={<EmptyState title="Nothing was changed yet" />}
      />
      <Modal opened={opened !== null} onClose={() => setOpened(null)} title={opened?.action} size="lg">
        {opened === null ? null : <JsonView value={opened.change} />}
      </Modal>
    </Page>
  );
}
