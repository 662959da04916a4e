import { CellValue, PrivilegeBadge, type TableColumn, WordBadge } from '@gatehouse/ui';
import { pages } from '../../../src/api/pages.ts';
import type { Connection, InventoryKind, InventoryRecord, RecordLink } from '../api/types.ts';
import { linkHref } from './links.ts';

const privilegeColumns: ReadonlySet<string> = new Set([
  'privilege',
  'truePrivilege',
  'effectivePrivilege',
  'directPrivilege',
]);

/** Wider or narrower than their type says. */
const widths: Readonly<Record<string, number>> = {
  login: 250,
  status: 110,
  actorLogin: 230,
  via: 120,
  state: 110,
  type: 130,
  outcome: 110,
  targets: 200,
  principalKind: 120,
  memberKind: 120,
  truePrivilege: 155,
  mfaState: 175,
  privilege: 150,
  name: 240,
  displayName: 190,
  email: 230,
  description: 260,
  time: 150,
  action: 220,
  country: 130,
  ip: 130,
  _connection: 170,
};

/** What a person looks for first comes first, whatever the order of the records. Others follow as the API has them. */
const first: Readonly<Record<string, readonly string[]>> = {
  accounts: [
    'login',
    'displayName',
    'status',
    'truePrivilege',
    'mfaState',
    'lastActiveAt',
    'identity',
    '_connection',
    'type',
  ],
  memberships: ['memberId', 'groupId', 'via', 'role', 'memberKind'],
  factors: ['accountId', 'type', 'strength', 'status', 'provider'],
  groups: ['name', 'description', 'type'],
  roles: ['name', 'privilege', 'description', 'type'],
  grants: ['principalId', 'roleId', 'privilege', 'resourceId', 'via', 'state'],
  resources: ['name', 'type', 'status', 'exposure'],
  credentials: ['name', 'type', 'status', 'privilege', 'expiresAt', 'lastUsedAt'],
  policies: ['name', 'type', 'status'],
  events: ['time', 'action', 'outcome', 'actorLogin', 'targets', 'ip', 'country'],
};

const ordered = ({ kind, columns }: InventoryKind) => {
  const lead = first[kind] ?? [];
  const rank = (name: string) => (lead.includes(name) ? lead.indexOf(name) : lead.length);
  return columns.toSorted((a, b) => rank(a.name) - rank(b.name));
};

/** The columns of a list as the API describes them; ours are drawn by their meaning, all others by their type. */
export const toColumns = (
  kind: InventoryKind,
  tenantId: string,
  connections: readonly Connection[],
): readonly TableColumn<InventoryRecord>[] =>
  ordered(kind).map((column) => {
    const { name, title, type, values, sort, shown } = column;
    const common = {
      name,
      title,
      type,
      values,
      sort,
      shown,
      ...(widths[name] === undefined ? {} : { width: widths[name] }),
    };
    if (privilegeColumns.has(name))
      return { ...common, cell: (row) => <PrivilegeBadge privilege={String(row[name] ?? 'undetermined')} /> };
    if (name === '_connection')
      return {
        ...common,
        values: connections.map(({ connectionId }) => connectionId),
        label: (id) => connections.find(({ connectionId }) => connectionId === id)?.name ?? id,
        cell: ({ _connectionName }) => <span title={_connectionName}>{_connectionName}</span>,
      };
    if (name === 'identity')
      return {
        ...common,
        filter: false,
        cell: (row, isLeading) =>
          typeof row.identity === 'string' && !isLeading ? (
            <a href={pages.identity(tenantId, row.identity)}>{String(row._identityName ?? 'Open')}</a>
          ) : (
            String(row._identityName ?? '—')
          ),
      };
    if (name.endsWith('Id') && type === 'text')
      return { ...common, width: 210, cell: (row, isLeading) => <Named {...{ tenantId, row, column, isLeading }} /> };
    if (name === 'mfaState')
      return { ...common, cell: (row) => <WordBadge word={String(row.mfaState ?? 'unknown')} /> };
    return common;
  });

/** The name of the record that an id stands for; the id itself where that record was not read. */
function Named({
  tenantId,
  row,
  column,
  isLeading,
}: {
  tenantId: string;
  row: InventoryRecord;
  column: InventoryKind['columns'][number];
  isLeading: boolean;
}) {
  const { _links } = row as { _links?: Readonly<Record<string, RecordLink>> };
  const link = _links?.[column.name];
  if (link === undefined) return <CellValue value={row[column.name]} column={column} />;
  if (isLeading) return <span title={`${link.label} (${link.id})`}>{link.label}</span>;
  return (
    <a href={linkHref(tenantId, link)} title={`${link.label} (${link.id})`}>
      {link.label}
    </a>
  );
}
