import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Recommendation } from '../api/findings.ts';
import { severities } from '../api/words.ts';
import { type Rule, rules, technique } from '../rules/index.ts';

type Shown = z.input<typeof Recommendation>;

interface Counts {
  readonly ruleId: string;
  readonly open: number;
  readonly accepted: number;
  readonly resolved: number;
  readonly worst: number | null;
}

interface State {
  readonly ruleId: string;
  readonly connectionId: string;
  readonly connectionName: string | null;
  readonly state: 'found' | 'clear' | 'blind';
  readonly reason: string | null;
  readonly evaluatedAt: Date;
}

/** Every rule with what it found in the tenant of the transaction. */
export const listRecommendations = async (tx: Sql): Promise<Shown[]> => {
  const counts = await sql<Counts>`
    select rule_id as "ruleId", (count(*) filter (where status in ('new', 'in_progress')))::int as open,
      (count(*) filter (where status = 'accepted'))::int as accepted,
      (count(*) filter (where status = 'resolved'))::int as resolved,
      max(severity) filter (where status in ('new', 'in_progress')) as worst
    from findings group by rule_id`.execute(tx);
  const states = await sql<State>`
    select s.rule_id as "ruleId", s.connection_id::text as "connectionId", c.name as "connectionName", s.state, s.reason,
      s.evaluated_at as "evaluatedAt"
    from rule_states s left join connections c on c.connection_id = s.connection_id and c.deleted_at is null
    order by c.name, s.connection_id`.execute(tx);
  const byRule = new Map(counts.rows.map((row) => [row.ruleId, row]));
  const statesOf = Map.groupBy(states.rows, ({ ruleId }) => ruleId);
  return rules.map((rule) => toRecommendation(rule, byRule.get(rule.id), statesOf.get(rule.id) ?? []));
};

const toRecommendation = (rule: Rule, counts: Counts | undefined, states: readonly State[]): Shown => {
  const evaluatedAt = states.map((state) => state.evaluatedAt).toSorted((a, b) => b.getTime() - a.getTime())[0] ?? null;
  const blind = states
    .filter(({ state }) => state === 'blind')
    .map(({ connectionId, connectionName, reason }) => ({
      connectionId: connectionName === null ? null : connectionId,
      connectionName: connectionName ?? 'Not connected',
      reason: reason ?? '',
    }));
  const neverLooked = { connectionId: null, connectionName: 'Not connected', reason: 'Nothing has been read yet.' };
  const isFound = (counts?.open ?? 0) + (counts?.accepted ?? 0) > 0;
  return {
    ruleId: rule.id,
    catalogue: rule.catalogue,
    title: rule.title,
    summary: rule.summary,
    why: rule.why,
    kind: rule.kind,
    connectors: [...rule.connectors],
    severity: rule.severity,
    mitre: rule.mitre.map(technique),
    remediation: [...rule.remediation],
    open: counts?.open ?? 0,
    accepted: counts?.accepted ?? 0,
    resolved: counts?.resolved ?? 0,
    worst: counts?.worst == null ? null : (severities[counts.worst] ?? null),
    // One connection on which it cannot see is enough not to call it clear.
    state: isFound ? 'found' : states.length === 0 || blind.length > 0 ? 'blind' : 'clear',
    blind: states.length === 0 ? [neverLooked] : blind,
    evaluatedAt: evaluatedAt?.toISOString() ?? null,
  };
};
