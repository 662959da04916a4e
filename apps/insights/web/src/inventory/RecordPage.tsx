import {
  CellValue,
  type Fact,
  Facts,
  isWords,
  JsonView,
  Loaded,
  Page,
  PrivilegeBadge,
  RelativeTime,
  Section,
  Tabs,
  Tag,
  useApi,
  useCrumbs,
  WordList,
  wordsOf,
} from '@gatehouse/ui';
import { pages } from '../../../src/api/pages.ts';
import { useParam, useQueryString, useTenantId } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { InventoryKind, RecordDetail } from '../api/types.ts';
import { FindingLines } from '../findings/FindingLines.tsx';
import { ChangeHistory } from './ChangeHistory.tsx';
import { GrantsTab } from './GrantsTab.tsx';
import { RelatedList } from './RelatedList.tsx';
import { RelatedLists } from './RelatedLists.tsx';

/** Everything known of one record. */
export function RecordPage() {
  const tenantId = useTenantId();
  const kindName = useParam('kind');
  const query = useQueryString();
  const address = new URLSearchParams(['connection', 'stream', 'id'].map((name) => [name, query.get(name) ?? '']));
  const record = useApi(paths.record(tenantId, kindName, address));
  const kinds = useApi(paths.inventoryKinds);
  const kind = kinds.data?.find((one) => one.kind === kindName);
  useCrumbs(
    { title: kind?.title ?? '…', href: pages.inventory(tenantId, kindName) },
    { title: record.data?.title ?? '…' },
  );
  return (
    <Loaded query={record} rows={5} height={60}>
      {(data) => (
        <Detail
          data={data}
          kind={kind}
          tenantId={tenantId}
          address={address}
          tab={query.get('tab') ?? 'overview'}
          list={query.get('list')}
        />
      )}
    </Loaded>
  );
}

interface DetailProps {
  data: RecordDetail;
  kind: InventoryKind | undefined;
  tenantId: string;
  address: URLSearchParams;
  tab: string;
  /** Which of the lists beside the record is shown whole; null: the beginning of each. */
  list: string | null;
}

function Detail({ data, kind, tenantId, address, tab, list }: DetailProps) {
  const { record, title, grants, related, findings, history } = data;
  const tabs = [
    { name: 'overview', title: 'Overview' },
    ...(grants.length > 0 ? [{ name: 'grants', title: 'Grants', count: data.grantTotal.value }] : []),
    ...(related.length > 0
      ? [
          {
            name: 'related',
            title: data.kind === 'groups' ? 'Members and related' : 'Related',
            count: related.reduce((sum, { total }) => sum + total, 0),
          },
        ]
      : []),
    { name: 'findings', title: 'Findings', count: findings.length },
    { name: 'history', title: 'History', count: history.length },
    { name: 'raw', title: 'Raw record' },
  ];
  const current = tabs.some(({ name }) => name === tab) ? tab : 'overview';
  const href = (name: string) => {
    const asked = new URLSearchParams(address);
    if (name !== 'overview') asked.set('tab', name);
    return `${pages.inventory(tenantId, data.kind)}/record?${asked}`;
  };
  return (
    <Page
      title={title}
      lead={`${kind?.one ?? data.kind} in ${record._connectionName}`}
      aside={
        <>
          {typeof record.truePrivilege === 'string' ? <PrivilegeBadge privilege={record.truePrivilege} /> : null}
          {data.isGone ? (
            <Tag tone="high" title="A finished full read no longer saw it. It is deleted here 15 days later.">
              Gone from its system
            </Tag>
          ) : null}
        </>
      }
    >
      <Tabs
        label={title}
        tabs={tabs.map((one) => ({ ...one, href: href(one.name), isCurrent: one.name === current }))}
      />
      {current === 'overview' ? <Overview data={data} kind={kind} tenantId={tenantId} /> : null}
      {current === 'grants' ? (
        <GrantsTab tenantId={tenantId} kind={data.kind} holder={title} address={address} />
      ) : null}
      {current === 'related' && list === null ? <RelatedLists tenantId={tenantId} related={related} /> : null}
      {current === 'related' && list !== null ? (
        <RelatedList
          tenantId={tenantId}
          kind={data.kind}
          address={address}
          list={list}
          title={related.find(({ href }) => href.endsWith(`list=${list}`))?.title ?? wordsOf(list)}
          backTo={href('related')}
        />
      ) : null}
      {current === 'findings' ? (
        <Section title="Findings" flush>
          <FindingLines tenantId={tenantId} findings={findings} />
        </Section>
      ) : null}
      {current === 'history' ? (
        <Section title="History of changes" lead="Between the reads of the connector.">
          <ChangeHistory history={history} firstSeenAt={data.firstSeenAt} kind={kind} />
        </Section>
      ) : null}
      {current === 'raw' ? (
        <Section title="Raw record" lead="In the words of the system it was read from. Secrets are masked.">
          <JsonView value={data.raw} label="Raw record" />
        </Section>
      ) : null}
    </Page>
  );
}

function Overview({ data, kind, tenantId }: Pick<DetailProps, 'data' | 'kind' | 'tenantId'>) {
  const { record, identity } = data;
  const hidden = new Set(['_connection', '_stream', 'id', 'firstSeenAt', 'changedAt', 'gone', 'identity']);
  const own: readonly Fact[] = (kind?.columns ?? [])
    .filter(({ name, type }) => !hidden.has(name) && type !== 'json')
    .map((column) => ({
      title: column.title,
      value: /privilege$/i.test(column.name) ? (
        <PrivilegeBadge privilege={String(record[column.name] ?? 'undetermined')} />
      ) : (
        <CellValue value={record[column.name]} column={column} />
      ),
    }));
  const objects = (kind?.columns ?? []).filter(({ name, type }) => type === 'json' && !isEmpty(record[name]));
  return (
    <>
      <Section title="Facts">
        <Facts
          facts={[
            ...(identity === null
              ? []
              : [
                  {
                    title: 'Identity',
                    value: <a href={pages.identity(tenantId, identity.identityId)}>{identity.name}</a>,
                  },
                ]),
            ...own,
          ]}
        />
      </Section>
      {objects.map((column) => (
        <Section key={column.name} title={column.title}>
          <Words value={record[column.name]} title={column.title} />
        </Section>
      ))}
      {isWords(data.raw) && !isEmpty(data.raw) ? (
        <Section title="In its own words" lead={`As ${record._connectionName} has it, by the names it has there.`}>
          <OwnWords raw={data.raw} />
        </Section>
      ) : null}
      <Section title="Where it comes from">
        <Facts
          facts={[
            {
              title: 'Connector',
              value: <a href={pages.connection(tenantId, record._connection)}>{record._connectionName}</a>,
            },
            { title: 'Read as', value: record._stream },
            { title: 'Id in the system', value: record.id },
            { title: 'First seen', value: <RelativeTime at={data.firstSeenAt} /> },
            { title: 'Changed', value: <RelativeTime at={data.changedAt} /> },
            { title: 'Last seen', value: <RelativeTime at={record._seenAt} /> },
          ]}
        />
      </Section>
    </>
  );
}

/** What its connector read of it: names are ours, so they are spelled out. */
function Words({ value, title }: { value: unknown; title: string }) {
  return isWords(value) ? (
    <WordList words={value} names="words" />
  ) : (
    <JsonView value={value} label={title} maxHeight={360} />
  );
}

/** `decoded` is beside the words of a system what its numbers stand for. */
function OwnWords({ raw: { decoded, ...words } }: { raw: Readonly<Record<string, unknown>> }) {
  return isDecoded(decoded) ? (
    <WordList words={words} decoded={decoded} names="code" />
  ) : (
    <WordList words={decoded === undefined ? words : { ...words, decoded }} names="code" />
  );
}

const isDecoded = (value: unknown): value is Readonly<Record<string, readonly string[]>> =>
  isWords(value) && Object.values(value).every(Array.isArray);

const isEmpty = (value: unknown) =>
  value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
