import { count, EmptyState, Loaded, Section, Timeline, useApi } from '@gatehouse/ui';
import { Button, Group, Text } from '@mantine/core';
import { IconArrowMerge, IconArrowsSplit } from '@tabler/icons-react';
import { paths } from '../api/paths.ts';
import type { RecordLink } from '../api/types.ts';
import { useMay } from '../frame/tenant.ts';
import { linkHref } from '../inventory/links.ts';
import { useUndo } from './MergeDialog.tsx';

/** What people decided about the accounts of this identity, newest first; each can be undone. */
export function Decisions({ tenantId, identityId }: { tenantId: string; identityId: string }) {
  const decisions = useApi(paths.decisions(tenantId, new URLSearchParams({ identity: identityId, limit: '500' })));
  const undo = useUndo(tenantId);
  const mayUndo = useMay('analyst');
  return (
    <Section title="Decisions by hand" lead="They hold against every rule, and over every read.">
      <Loaded query={decisions}>
        {({ items }) => {
          if (items.length === 0)
            return <EmptyState title="No decisions">Every account is here because a rule put it here.</EmptyState>;
          return (
            <Timeline
              label="Decisions"
              entries={items.map(({ decisionId, at, by, kind, reason, accounts, splitFrom, undoneAt, undoneBy }) => ({
                id: decisionId,
                at,
                icon: kind === 'merge' ? <IconArrowMerge size={15} /> : <IconArrowsSplit size={15} />,
                tone: undoneAt === null ? 'low' : 'quiet',
                title: `${kind === 'merge' ? 'Merged' : 'Split off'} ${count(accounts.length, 'account')}${undoneAt === null ? '' : ` (undone by ${undoneBy ?? 'somebody'})`}`,
                note: by,
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
                      {splitFrom.length === 0 ? null : (
                        <>
                          {' '}
                          from <AccountNames tenantId={tenantId} accounts={splitFrom} />
                        </>
                      )}
                    </Text>
                    {mayUndo && undoneAt === null ? (
                      <Group mt="sm">
                        <Button
                          size="compact-sm"
                          variant="default"
                          loading={undo.isPending && undo.variables === decisionId}
                          onClick={() => undo.mutate(decisionId)}
                        >
                          Undo this decision
                        </Button>
                      </Group>
                    ) : null}
                  </>
                ),
              }))}
            />
          );
        }}
      </Loaded>
    </Section>
  );
}

export function AccountNames({ tenantId, accounts }: { tenantId: string; accounts: readonly RecordLink[] }) {
  return accounts.map((account, position) => (
    <span key={`${account.connection}/${account.id}`}>
      {position === 0 ? '' : ', '}
      <a href={linkHref(tenantId, account)}>{account.label}</a>
    </span>
  ));
}
