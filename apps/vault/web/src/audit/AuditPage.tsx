import {
  count,
  EmptyState,
  Facts,
  formatTime,
  JsonView,
  Notice,
  Page,
  type TableColumn,
  Tag,
  useCrumbs,
} from '@gatehouse/ui';
import { Anchor, Button, Group, Menu, Modal, Select, Stack, TextInput } from '@mantine/core';
import { IconBroadcast, IconDownload, IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { events } from '../../../src/api/events.ts';
import { asked, paths, type Query } from '../api/paths.ts';
import type { AuditEntry, Verdict } from '../api/types.ts';
import { usePlace } from '../parts/address.ts';
import { ServerList } from '../parts/ServerList.tsx';
import { useSend } from '../parts/use-send.ts';

const filters = ['event', 'actor', 'target', 'succeeded', 'from', 'until'] as const;
const eventWords = (event: string) =>
  event
    .replace(/^EVENT_ID_/, '')
    .replaceAll('_', ' ')
    .toLowerCase();

/** Who did what: chained, so that nothing is changed or taken out unseen. */
export function AuditPage() {
  useCrumbs({ title: 'Audit' });
  const [opened, setOpened] = useState<AuditEntry | null>(null);
  const [{ picked }, place] = usePlace(filters);
  const verify = useSend<Verdict>();
  const query = timed(picked);
  return (
    <Page
      title="Audit"
      lead="Who did what, newest first. Each entry is chained to the one before; passwords are never in it."
      actions={
        <>
          <Button component="a" href="/audit/receivers" variant="default" leftSection={<IconBroadcast size={16} />}>
            Receivers
          </Button>
          <ExportMenu query={query} />
          <Button
            leftSection={<IconShieldCheck size={16} />}
            loading={verify.isPending}
            onClick={() => verify.mutate({ method: 'POST', path: '/api/audit/verify' })}
          >
            Verify
          </Button>
        </>
      }
    >
      {verify.data === undefined ? null : <VerdictNotice verdict={verify.data} />}
      <Filters picked={picked} onPick={(change) => place({ picked: { ...picked, ...change } })} />
      <ServerList<AuditEntry>
        id="audit"
        label="Audit"
        columns={columnsOf(setOpened)}
        path={paths.audit}
        fixed={query}
        rowId={({ seq }) => String(seq)}
        empty={<EmptyState title="Nothing matches">Remove a filter to see more.</EmptyState>}
      />
      <Modal opened={opened !== null} onClose={() => setOpened(null)} title={opened?.message ?? ''} size="lg">
        {opened === null ? null : <Entry entry={opened} />}
      </Modal>
    </Page>
  );
}

/** Days of the filters as the moments that the API takes. */
const timed = ({ from = '', until = '', ...others }: Query): Query => ({
  ...others,
  ...(from === '' ? {} : { from: new Date(`${from}T00:00:00`).toISOString() }),
  // The whole day that is named.
  ...(until === '' ? {} : { until: new Date(new Date(`${until}T00:00:00`).getTime() + 86_400_000).toISOString() }),
});

function VerdictNotice({ verdict: { isWhole, entries, firstBroken, newestHash } }: { verdict: Verdict }) {
  return isWhole ? (
    <Notice tone="low" title="The audit is whole" isUrgent>
      {count(entries, 'entry', 'entries')}, each in its place. Newest hash: {newestHash.slice(0, 16)}…
    </Notice>
  ) : (
    <Notice tone="critical" title="The audit was tampered with" isUrgent>
      Entry {firstBroken} is not what was written, or one before it is missing. Keep the database as it is and compare
      it with an export or a backup.
    </Notice>
  );
}

function ExportMenu({ query }: { query: Query }) {
  const formats = [
    ['json', 'JSON lines'],
    ['cef', 'CEF'],
    ['syslog', 'Syslog'],
  ] as const;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map(([format, title]) => (
          <Menu.Item key={format} component="a" href={`/api/audit/export${asked({ ...query, format })}`} download>
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Filters({ picked, onPick }: { picked: Query; onPick(change: Query): void }) {
  return (
    <Group align="flex-end" gap="sm">
      <Select
        label="Event"
        placeholder="Any"
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Any event' }}
        data={Object.entries(events).map(([name, id]) => ({ value: name, label: `${id} ${eventWords(name)}` }))}
        value={picked.event || null}
        onChange={(event) => onPick({ event: event ?? '' })}
        w={260}
      />
      <Words label="Who" value={picked.actor ?? ''} onWords={(actor) => onPick({ actor })} />
      <Words label="On what" value={picked.target ?? ''} onWords={(target) => onPick({ target })} />
      <Select
        label="Outcome"
        placeholder="Any"
        clearable
        clearButtonProps={{ 'aria-label': 'Any outcome' }}
        data={[
          { value: 'true', label: 'Succeeded' },
          { value: 'false', label: 'Failed' },
        ]}
        value={picked.succeeded || null}
        onChange={(succeeded) => onPick({ succeeded: succeeded ?? '' })}
        w={140}
      />
      {(['from', 'until'] as const).map((name) => (
        <TextInput
          key={name}
          type="date"
          label={name === 'from' ? 'From' : 'Until'}
          value={picked[name] ?? ''}
          onChange={(event) => onPick({ [name]: event.currentTarget.value })}
        />
      ))}
    </Group>
  );
}

/** Asks once the words are entered. */
function Words({ label, value, onWords }: { label: string; value: string; onWords(words: string): void }) {
  return (
    <TextInput
      key={value}
      label={label}
      placeholder="Part of a name"
      defaultValue={value}
      maxLength={200}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onWords(event.currentTarget.value.trim());
      }}
      onBlur={(event) => {
        if (event.currentTarget.value.trim() !== value) onWords(event.currentTarget.value.trim());
      }}
      w={170}
    />
  );
}

const plain = { type: 'text', sort: false, filter: false } as const;
const columnsOf = (open: (entry: AuditEntry) => void): readonly TableColumn<AuditEntry>[] => [
  { name: 'at', title: 'When', type: 'time', sort: false, filter: false, width: 140 },
  {
    ...{ ...plain, name: 'actor', title: 'Who', width: 190 },
    cell: ({ actor, impersonator }) => (impersonator === null ? actor : `${actor}, by ${impersonator}`),
  },
  {
    ...{ ...plain, name: 'message', title: 'What', width: 340 },
    cell: (entry) => (
      <Anchor component="button" type="button" fz="sm" ta="left" onClick={() => open(entry)}>
        {entry.message}
      </Anchor>
    ),
  },
  {
    ...{ ...plain, name: 'succeeded', title: 'Outcome', width: 120 },
    cell: ({ succeeded }) => <Tag tone={succeeded ? 'good' : 'critical'}>{succeeded ? 'Succeeded' : 'Failed'}</Tag>,
  },
  { ...plain, name: 'eventId', title: 'Event', width: 90 },
  {
    ...{ ...plain, name: 'correlationId', title: 'Errand', width: 120 },
    cell: ({ correlationId }) => (
      <Anchor fz="sm" href={`/audit/errand/${encodeURIComponent(correlationId)}`} title={correlationId}>
        Whole errand
      </Anchor>
    ),
  },
  { ...plain, name: 'seq', title: 'Number', width: 90, shown: false },
  { ...plain, name: 'address', title: 'From', width: 140, shown: false },
];

/** Everything that one entry says. */
export function Entry({ entry }: { entry: AuditEntry }) {
  return (
    <Stack gap="md">
      <Facts
        facts={[
          { title: 'When', value: formatTime(new Date(entry.at)) },
          { title: 'Event', value: `${entry.eventId} ${eventWords(entry.event)}` },
          { title: 'Who', value: entry.actor },
          { title: 'In whose place', value: entry.impersonator ?? '—' },
          { title: 'On', value: entry.target },
          { title: 'Through', value: entry.through },
          { title: 'From', value: entry.address ?? '—' },
          { title: 'Number', value: String(entry.seq) },
          {
            title: 'Correlation id',
            value: (
              <Anchor fz="sm" href={`/audit/errand/${encodeURIComponent(entry.correlationId)}`}>
                {entry.correlationId}
              </Anchor>
            ),
          },
          { title: 'Hash', value: <code style={{ overflowWrap: 'anywhere' }}>{entry.hash}</code> },
        ]}
      />
      {Object.keys(entry.arguments).length === 0 ? null : <JsonView value={entry.arguments} label="Arguments" />}
    </Stack>
  );
}
