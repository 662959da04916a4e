import { ErrorState, formatNumber, get, LoadingState, Section } from '@gatehouse/ui';
import { Anchor } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { paths } from '../api/paths.ts';
import type { IdentityLink } from '../api/types.ts';
import { FindingLines } from '../findings/FindingLines.tsx';
import { GrantPaths } from '../inventory/GrantPaths.tsx';
import { linkHref } from '../inventory/links.ts';

interface IdentityRecordsProps {
  tenantId: string;
  links: readonly IdentityLink[];
  what: 'grants' | 'findings';
}

/** The grants or findings of every account of an identity. */
export function IdentityRecords({ tenantId, links, what }: IdentityRecordsProps) {
  const records = useQueries({
    queries: links.map(({ account }) => {
      const { connection, stream, id } = account;
      const path = paths.record(tenantId, 'accounts', new URLSearchParams({ connection, stream, id }));
      return {
        queryKey: [path],
        queryFn: ({ signal }: { signal: AbortSignal }) => get(path, signal),
      };
    }),
  });
  const failed = records.find(({ error }) => error !== null);
  if (failed !== undefined) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (records.some(({ data }) => data === undefined)) return <LoadingState />;
  if (what === 'findings')
    return (
      <Section title="Findings" flush>
        <FindingLines tenantId={tenantId} findings={records.flatMap(({ data }) => data?.findings ?? [])} />
      </Section>
    );
  return links.map(({ account, connectionName }, position) => {
    const { grants = [], grantTotal } = records[position]?.data ?? {};
    return (
      <Section
        key={`${account.connection}:${account.id}`}
        title={account.label}
        lead={connectionName}
        actions={
          grants.length === 0 ? undefined : (
            <Anchor href={`${linkHref(tenantId, account)}&tab=grants`} size="sm">
              Search all {formatNumber(grantTotal?.value ?? grants.length)}
            </Anchor>
          )
        }
      >
        <GrantPaths tenantId={tenantId} holder={account.label} grants={grants} />
      </Section>
    );
  });
}
