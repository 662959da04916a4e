import { PrivilegeBadge, type TableColumn, WordBadge } from '@gatehouse/ui';
import { pages } from '../../../src/api/pages.ts';
import type { Connection, InventoryKind, InventoryRecord } from '../api/types.ts';

const privilegeColumns: ReadonlySet<string> = new Set([
  'privilege',
  'truePrivilege',
  'effectivePrivilege',
  'directPrivilege',
]);

/** Wider or narrower than their type says. */
const widths: Readonly<Record<string, number>> = {
  login: 240,
  name: 240,
  displayName: 190,
  email: 230,
  description: 260,
  time: 150,
  action: 240,
  country: 90,
  ip: 130,
  _connection: 170,
};

/** The columns of a list as the API describes them; ours are drawn by their meaning, all others by their type. */
export const toColumns = (
  kind: InventoryKind,
  tenantId: string,
  connections: readonly Connection[],
): readonly TableColumn<InventoryRecord>[] =>
  kind.columns.map((column) => {
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
        cell: (row) =>
          typeof row.identity === 'string' ? (
            <a href={pages.identity(tenantId, row.identity)}>{String(row._identityName ?? 'Open')}</a>
          ) : (
            '—'
          ),
      };
    if (name === 'mfaState')
      return { ...common, cell: (row) => <WordBadge word={String(row.mfaState ?? 'unknown')} /> };
    return common;
  });
