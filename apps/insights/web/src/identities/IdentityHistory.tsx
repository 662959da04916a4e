import { count, EmptyState, Loaded, Pager, Section, Timeline, type TimelineEntry, useApi } from '@gatehouse/ui';
import { Anchor, Text } from '@mantine/core';
import { IconArrowMerge, IconArrowsSplit, IconCirclePlus, IconLink } from '@tabler/icons-react';
import { listQuery, useTableView } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { IdentityChange, RecordLink } from '../api/types.ts';
import { titlesOf, toEntry } from '../inventory/ChangeHistory.tsx';
import { linkHref } from '../inventory/links.ts';
import { AccountNames } from './Decisions.tsx';

/** What happened to an identity, newest first: told by its accounts, by how they were joined, and by decisions. */
export function IdentityHistory({ tenantId, identityId }: { tenantId: string; identityId: string }) {
  const [view, setView] = useTableView();
  const query = listQuery({ ...view, search: '', filters: [], sort: null });
  const history = useApi(paths.identityHistory(tenantId, identityId, query), { keep: true });
  const kinds = useApi(paths.inventoryKinds);
  const titleOf = titlesOf(kinds.data?.find(({ kind }) => kind === 'accounts'));
  return (
    <Section
      title="History"
      lead="Changes of the accounts it has now, when they were joined, and what people decided. The raw record of an account is on its own page."
    >
      <Loaded query={history}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState title="No history" />
          ) : (
            <>
              <Timeline
                label="History of this identity"
                entries={page.items.map((change, position) => entryOf(tenantId, change, position, titleOf))}
              />
              <Pager view={view} page={page} pageSize={50} onView={setView} />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

const entryOf = (
  tenantId: string,
  change: IdentityChange,
  position: number,
  titleOf: (name: string) => string,
): TimelineEntry => {
  const { at } = change;
  const id = `${at}:${position}`;
  if (change.what === 'decision') {
    const { kind, isUndoing, accounts, by, reason } = change;
    const words = `${kind === 'merge' ? 'Merged' : 'Split off'} ${count(accounts.length, 'account')}`;
    return {
      ...{ id, at, note: by, tone: isUndoing ? 'quiet' : 'low' },
      icon: kind === 'merge' ? <IconArrowMerge size={15} /> : <IconArrowsSplit size={15} />,
      title: isUndoing ? `Undone: ${words.charAt(0).toLowerCase()}${words.slice(1)}` : words,
      isOpen: true,
      more: (
        <>
          {reason === '' ? null : (
            <Text size="sm" mb={6}>
              {reason}
            </Text>
          )}
          <Text size="sm">
            <AccountNames tenantId={tenantId} accounts={accounts} />
          </Text>
        </>
      ),
    };
  }
  const name = <Name tenantId={tenantId} account={change.account} />;
  if (change.what === 'joined')
    return {
      ...{ id, at, note: change.connectionName, tone: 'good', icon: <IconLink size={15} /> },
      title: (
        <>
          {name} joined with <Name tenantId={tenantId} account={change.other} />
          {change.otherConnectionName === null ? '' : ` in ${change.otherConnectionName}`} ({change.ruleTitle})
        </>
      ),
    };
  if (change.change === 'first_seen')
    return {
      ...{ id, at, note: change.connectionName, tone: 'quiet', icon: <IconCirclePlus size={15} /> },
      title: <>{name} first seen</>,
    };
  const { title, more, ...entry } = toEntry({ at, kind: change.change, fields: change.fields }, position, titleOf);
  const told = { ...entry, note: change.connectionName };
  if (more === undefined)
    return {
      ...told,
      title: (
        <>
          {name}: {title}
        </>
      ),
    };
  return {
    ...told,
    title: (
      <>
        {change.account.label}: {title}
      </>
    ),
    more: (
      <>
        <Text size="sm" mb={6}>
          Account {name}
        </Text>
        {more}
      </>
    ),
  };
};

function Name({ tenantId, account }: { tenantId: string; account: RecordLink }) {
  return (
    <Anchor href={linkHref(tenantId, account)} underline="always" inherit>
      {account.label}
    </Anchor>
  );
}
