import {
  DataTable,
  EmptyState,
  FindingStateBadge,
  PickFilter,
  PrivilegeBadge,
  SeverityBadge,
  type TableColumn,
  type TableView,
  useApi,
  wordsOf,
} from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { pages } from '../../../src/api/pages.ts';
import { listQuery, useGo, useQueryString, useTableView } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { Finding } from '../api/types.ts';
import { useMay } from '../frame/tenant.ts';
import { linkHref } from '../inventory/links.ts';
import { StatusDialog } from './StatusDialog.tsx';

const severities = ['critical', 'high', 'medium', 'low'] as const;
const states = ['new', 'in_progress', 'accepted', 'resolved'] as const;
/** What is open: what a person sees unless the address asks for more. */
const openStates = 'new,in_progress';

/** Findings as a list, of the whole tenant or of one rule, with a change of status for many at once. */
export function FindingsTable({ tenantId, rule }: { tenantId: string; rule?: string }) {
  const [view, setView] = useTableView();
  const query = useQueryString();
  const status = query.get('status') ?? openStates;
  const severity = query.get('severity') ?? '';
  const connection = query.get('connection') ?? '';
  const asked = listQuery(view, {
    status: status === 'all' ? '' : status,
    severity,
    rule: rule ?? '',
    connection,
  });
  const list = useApi(paths.findings(tenantId, asked), { keep: true });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isChanging, setChanging] = useState(false);
  const mayChange = useMay('analyst');
  const columns = useMemo(() => columnsOf(tenantId, rule === undefined), [tenantId, rule]);
  const change = (next: TableView) => {
    setSelected(new Set());
    setView(next);
  };
  const exported = listQuery({ ...view, cursor: null }, Object.fromEntries(asked));
  exported.delete('cursor');
  return (
    <>
      <DataTable<Finding>
        id={rule === undefined ? 'findings' : 'findings.rule'}
        label="Findings"
        columns={columns}
        view={view}
        onView={change}
        page={list.data}
        error={list.error}
        isStale={list.isPlaceholderData}
        onRetry={() => void list.refetch()}
        rowId={({ findingId }) => findingId}
        rowHref={({ findingId }) => pages.finding(tenantId, findingId)}
        searchLabel="Search findings"
        exportHref={() => `${paths.findings(tenantId)}/export.csv?${exported}`}
        extra={<FindingFilters {...{ tenantId, status, severity, connection }} />}
        empty={
          status === openStates && severity === '' && connection === '' ? (
            <EmptyState icon={<IconShieldCheck size={28} stroke={1.5} />} title="No open findings">
              No rule that can see has found anything. Blind rules are listed under Recommendations.
            </EmptyState>
          ) : (
            <EmptyState icon={<IconShieldCheck size={28} stroke={1.5} />} title="No findings of this kind">
              Choose another status, severity or connector to see others.
            </EmptyState>
          )
        }
        {...(mayChange
          ? {
              selected,
              onSelect: setSelected,
              selectionActions: (
                <Button size="compact-sm" variant="default" onClick={() => setChanging(true)}>
                  Change status
                </Button>
              ),
            }
          : {})}
      />
      <StatusDialog
        tenantId={tenantId}
        findingIds={[...selected]}
        opened={isChanging}
        onClose={() => setChanging(false)}
        onDone={() => setSelected(new Set())}
      />
    </>
  );
}

interface FindingFiltersProps {
  tenantId: string;
  status: string;
  severity: string;
  connection: string;
}

function FindingFilters({ tenantId, status, severity, connection }: FindingFiltersProps) {
  const query = useQueryString();
  const connections = useApi(paths.connections(tenantId));
  const path = useLocation({ select: ({ pathname }) => pathname });
  const go = useGo();
  const set = (name: string, values: readonly string[], none: string) => {
    const next = new URLSearchParams(query);
    next.delete('cursor');
    if (values.length === 0) next.delete(name);
    else next.set(name, values.join(','));
    if (values.length === 0 && none !== '') next.set(name, none);
    go(`${path}${next.size === 0 ? '' : `?${next}`}`);
  };
  const chosen = (text: string) => (text === '' || text === 'all' ? [] : text.split(','));
  return (
    <>
      <PickFilter
        label="Status"
        choices={states.map((value) => ({ value, label: wordsOf(value) }))}
        picked={chosen(status)}
        onPick={(values) => set('status', values, 'all')}
      />
      <PickFilter
        label="Severity"
        choices={severities.map((value) => ({ value, label: wordsOf(value) }))}
        picked={chosen(severity)}
        onPick={(values) => set('severity', values, '')}
      />
      <PickFilter
        label="Connector"
        choices={(connections.data ?? []).map(({ connectionId, name }) => ({ value: connectionId, label: name }))}
        picked={chosen(connection)}
        onPick={(values) => set('connection', values, '')}
      />
    </>
  );
}

const columnsOf = (tenantId: string, withRule: boolean): readonly TableColumn<Finding>[] => [
  ...(withRule ? [{ name: 'title', title: 'Finding', type: 'text', width: 300, filter: false } as const] : []),
  {
    name: 'subject',
    title: 'About',
    type: 'text',
    width: withRule ? 180 : 280,
    filter: false,
    cell: ({ subject }, isLeading) =>
      withRule && !isLeading ? (
        <a href={linkHref(tenantId, subject)} title={subject.label}>
          {subject.label}
        </a>
      ) : (
        <span title={subject.label}>{subject.label}</span>
      ),
  },
  {
    name: 'severity',
    title: 'Severity',
    type: 'text',
    width: 110,
    sort: true,
    filter: false,
    cell: ({ severity }) => <SeverityBadge severity={severity} />,
  },
  {
    name: 'sensitivity',
    title: 'Sensitivity',
    type: 'text',
    width: 150,
    filter: false,
    cell: ({ sensitivity }) => <PrivilegeBadge privilege={sensitivity} />,
  },
  {
    name: 'status',
    title: 'Status',
    type: 'text',
    width: 142,
    filter: false,
    cell: ({ status }) => <FindingStateBadge state={status} />,
  },
  { name: 'connectionName', title: 'Connector', type: 'text', width: 140, filter: false },
  { name: 'owner', title: 'Owner', type: 'text', width: 130, filter: false, shown: false },
  { name: 'firstSeenAt', title: 'First seen', type: 'time', width: 125, sort: true, filter: false },
  { name: 'lastSeenAt', title: 'Last seen', type: 'time', width: 125, sort: true, filter: false, shown: !withRule },
];
