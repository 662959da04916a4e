import {
  EmptyState,
  formatNumber,
  Loaded,
  Page,
  PickFilter,
  SearchBox,
  SeverityBadge,
  useApi,
  useCrumbs,
  wordsOf,
} from '@gatehouse/ui';
import { Chip, Group, Paper, Table, Text } from '@mantine/core';
import { useLocation } from '@tanstack/react-router';
import { pages } from '../../../src/api/pages.ts';
import { useGo, useQueryString, useTenantId } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { Recommendation } from '../api/types.ts';
import classes from './findings.module.css';
import { RuleState } from './RuleState.tsx';

const states = ['found', 'blind', 'clear'] as const;
type State = (typeof states)[number];
const rank = { critical: 3, high: 2, medium: 1, low: 0 } as const;

/** Every rule with what it found: worst first, then the blind ones, then those that found nothing. */
export function RecommendationsPage() {
  const tenantId = useTenantId();
  useCrumbs({ title: 'Recommendations' });
  const rules = useApi(paths.recommendations(tenantId), { every: 60_000 });
  return (
    <Page
      title="Recommendations"
      lead="What is wrong, by rule. A rule whose data cannot be read is blind, which is not the same as clear."
    >
      <Loaded query={rules} rows={10} height={44}>
        {(all) => <Rules tenantId={tenantId} all={all} />}
      </Loaded>
    </Page>
  );
}

function Rules({ tenantId, all }: { tenantId: string; all: readonly Recommendation[] }) {
  const query = useQueryString();
  const path = useLocation({ select: ({ pathname }) => pathname });
  const go = useGo();
  const names = useApi(paths.connectors);
  const search = query.get('search') ?? '';
  const state = states.find((one) => one === query.get('state')) ?? null;
  const severity = query.get('severity')?.split(',') ?? [];
  const connector = query.get('connector')?.split(',') ?? [];
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(query);
    if (value === '') next.delete(name);
    else next.set(name, value);
    go(`${path}${next.size === 0 ? '' : `?${next}`}`, { replace: name === 'search' });
  };
  const inState = (rule: Recommendation, wanted: State) =>
    wanted === 'blind' ? rule.state === 'blind' || rule.blind.length > 0 : rule.state === wanted;
  const found = all
    .filter((rule) => state === null || inState(rule, state))
    .filter((rule) => severity.length === 0 || severity.includes(rule.worst ?? rule.severity))
    .filter((rule) => connector.length === 0 || rule.connectors.some((one) => connector.includes(one)))
    .filter(({ title, summary, catalogue }) =>
      `${title} ${summary} ${catalogue}`.toLowerCase().includes(search.toLowerCase()),
    )
    .toSorted(byUrgency);
  const connectors = [...new Set(all.flatMap((rule) => rule.connectors))].toSorted();
  return (
    <>
      <Group gap="xs">
        <SearchBox label="Search rules" value={search} onSearch={(text) => set('search', text)} />
        <PickFilter
          label="Severity"
          choices={['critical', 'high', 'medium', 'low'].map((value) => ({ value, label: wordsOf(value) }))}
          picked={severity}
          onPick={(values) => set('severity', values.join(','))}
        />
        <PickFilter
          label="System"
          choices={connectors.map((value) => ({
            value,
            label: names.data?.find(({ id }) => id === value)?.name ?? value,
          }))}
          picked={connector}
          onPick={(values) => set('connector', values.join(','))}
        />
        <Chip.Group
          multiple={false}
          value={state ?? 'all'}
          onChange={(value) => set('state', value === 'all' ? '' : String(value))}
        >
          <Group gap={6}>
            <Chip value="all" size="sm">
              All {formatNumber(all.length)}
            </Chip>
            {states.map((one) => (
              <Chip key={one} value={one} size="sm">
                {stateWords[one]} {formatNumber(all.filter((rule) => inState(rule, one)).length)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Group>
      {found.length === 0 ? (
        <EmptyState title="Nothing matches">Change the search or the filters.</EmptyState>
      ) : (
        <Paper className={classes.scroll ?? ''}>
          <Table className={classes.table ?? ''} aria-label="Rules" horizontalSpacing="md" verticalSpacing={9}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Rule</Table.Th>
                <Table.Th>Severity</Table.Th>
                <Table.Th className={classes.number}>Open</Table.Th>
                <Table.Th className={classes.number}>Accepted</Table.Th>
                <Table.Th className={classes.number}>Resolved</Table.Th>
                <Table.Th>State</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.map((rule) => (
                <RuleRow key={rule.ruleId} tenantId={tenantId} rule={rule} />
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
      )}
    </>
  );
}

const stateWords: Readonly<Record<State, string>> = { found: 'Found', blind: 'Blind', clear: 'Clear' };
const stateRank: Readonly<Record<State, number>> = { found: 2, blind: 1, clear: 0 };

const byUrgency = (a: Recommendation, b: Recommendation) =>
  stateRank[b.state] - stateRank[a.state] ||
  rank[b.worst ?? b.severity] - rank[a.worst ?? a.severity] ||
  b.open - a.open ||
  a.title.localeCompare(b.title);

function RuleRow({ tenantId, rule }: { tenantId: string; rule: Recommendation }) {
  const { ruleId, title, summary, catalogue, kind, severity, worst, open, accepted, resolved } = rule;
  return (
    <Table.Tr>
      <Table.Td className={classes.ruleCell}>
        <a href={pages.recommendation(tenantId, ruleId)} className={classes.title}>
          {title}
        </a>
        <Text size="xs" c="dimmed">
          <span className={classes.code}>{catalogue}</span>
          {kind === 'path' ? 'Path · ' : ''}
          {summary}
        </Text>
      </Table.Td>
      <Table.Td>
        <SeverityBadge severity={worst ?? severity} />
      </Table.Td>
      <Table.Td className={classes.number}>{open === 0 ? '—' : <b>{formatNumber(open)}</b>}</Table.Td>
      <Table.Td className={classes.number}>{accepted === 0 ? '—' : formatNumber(accepted)}</Table.Td>
      <Table.Td className={classes.number}>{resolved === 0 ? '—' : formatNumber(resolved)}</Table.Td>
      <Table.Td>
        <RuleState rule={rule} />
      </Table.Td>
    </Table.Tr>
  );
}
