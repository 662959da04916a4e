import {
  EmptyState,
  Facts,
  Loaded,
  LoadingState,
  Page,
  PrivilegeBadge,
  Problem,
  Section,
  Tabs,
  useApi,
  useCrumbs,
  wordsOf,
} from '@gatehouse/ui';
import { useEffect } from 'react';
import { pages } from '../../../src/api/pages.ts';
import { useGo, useParam, useQueryString, useTenantId } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { IdentityDetail, RecordLink } from '../api/types.ts';
import { AccountLinks } from './AccountLinks.tsx';
import { Decisions } from './Decisions.tsx';
import { IdentityHistory } from './IdentityHistory.tsx';
import { IdentityRecords } from './IdentityRecords.tsx';
import { Suggestions } from './Suggestions.tsx';

const tabNames = ['accounts', 'grants', 'findings', 'history', 'decisions'] as const;

/** One person or workload: its accounts, and why we think that they are one. */
export function IdentityPage() {
  const tenantId = useTenantId();
  const identityId = useParam('identityId');
  const asked = useQueryString().get('tab');
  const tab = tabNames.find((name) => name === asked) ?? 'accounts';
  const identity = useApi(paths.identity(tenantId, identityId));
  useCrumbs(
    { title: 'Identities', href: pages.inventory(tenantId, 'identities') },
    { title: identity.data?.name ?? '…' },
  );
  const isGone = identity.error instanceof Problem && identity.error.status === 404;
  const [first] = identity.data?.links ?? [];
  if (isGone && first !== undefined) return <Moved tenantId={tenantId} account={first.account} />;
  return (
    <Loaded query={identity} rows={5} height={60}>
      {(data) => <Detail tenantId={tenantId} identity={data} tab={tab} />}
    </Loaded>
  );
}

/** A merge, a split or its undoing has ended the identity while it was shown: goes on to the one its account is in now. */
function Moved({ tenantId, account }: { tenantId: string; account: RecordLink }) {
  const go = useGo();
  const { kind, connection, stream, id } = account;
  const record = useApi(paths.record(tenantId, kind, new URLSearchParams({ connection, stream, id })));
  const identityId = record.isFetching ? undefined : record.data?.identity?.identityId;
  useEffect(() => {
    if (identityId !== undefined) go(pages.identity(tenantId, identityId), { replace: true });
  }, [identityId]);
  return <Loaded query={record}>{() => <LoadingState />}</Loaded>;
}

function Detail({
  tenantId,
  identity,
  tab,
}: {
  tenantId: string;
  identity: IdentityDetail;
  tab: (typeof tabNames)[number];
}) {
  const { identityId, name, kind, email, department, privilege, links, suggestions, conflicts } = identity;
  const href = (one: string) => `${pages.identity(tenantId, identityId)}${one === 'accounts' ? '' : `?tab=${one}`}`;
  const titles = {
    accounts: 'Accounts',
    grants: 'Grants',
    findings: 'Findings',
    history: 'History',
    decisions: 'Decisions by hand',
  } as const;
  return (
    <Page title={name} lead={email ?? wordsOf(kind)} aside={<PrivilegeBadge privilege={privilege} />}>
      <Section title="Facts">
        <Facts
          facts={[
            { title: 'Kind', value: wordsOf(kind) },
            { title: 'E-mail', value: email },
            { title: 'Department', value: department },
            { title: 'Accounts', value: links.length },
            { title: 'Systems', value: [...new Set(links.map(({ connectionName }) => connectionName))].join(', ') },
          ]}
        />
      </Section>
      <Tabs
        label={name}
        tabs={tabNames.map((one) => ({
          title: titles[one],
          href: href(one),
          isCurrent: one === tab,
          ...(one === 'accounts' ? { count: links.length } : {}),
        }))}
      />
      {tab === 'accounts' ? (
        <>
          <AccountLinks tenantId={tenantId} links={links} />
          <Suggestions tenantId={tenantId} suggestions={suggestions} conflicts={conflicts} />
        </>
      ) : null}
      {tab === 'grants' || tab === 'findings' ? (
        links.length === 0 ? (
          <EmptyState title="No accounts" />
        ) : (
          <IdentityRecords tenantId={tenantId} links={links} what={tab} />
        )
      ) : null}
      {tab === 'history' ? <IdentityHistory tenantId={tenantId} identityId={identityId} /> : null}
      {tab === 'decisions' ? <Decisions tenantId={tenantId} identityId={identityId} /> : null}
    </Page>
  );
}
