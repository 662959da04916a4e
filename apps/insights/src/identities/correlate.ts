import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { readInBatches } from '../privilege/index.ts';
import { applyDecisions } from './apply-decisions.ts';
import { type KeyHolder, sharedKeys, sideOf, writeKeys } from './keys.ts';
import { FoundStore } from './links.ts';
import { readMatching } from './matching.ts';
import { correlationRules } from './rules/index.ts';
import { type CorrelationRule, linksFrom } from './rules/rule.ts';
import { Identities } from './union.ts';
import { writeIdentities } from './write-identities.ts';

export interface CorrelateOptions {
  readonly tenantId: TenantId;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Only the accounts of these identities, after a decision about them. Left out: all. */
  readonly only?: readonly string[];
}

export interface Correlated {
  readonly accounts: number;
  /** Accounts whose identity changed. */
  readonly changed: number;
  /** The identities that they are in now; only told with `only`. */
  readonly identities: readonly string[];
}

/** More suggestions than this are no help to anybody; the strongest rules come first. */
const mostSuggestions = 10_000;

/**
 * Decides anew which accounts are one identity, in the caller's transaction. An identity keeps its id while accounts come
 * and go: the id goes where most of its accounts went. Only what changed is written.
 */
export const correlate = async (tx: Sql, { tenantId, now, signal, only }: CorrelateOptions): Promise<Correlated> => {
  // Two connections may finish reading at once.
  await sql`select pg_advisory_xact_lock(hashtextextended('correlate ' || ${tenantId}, 0))`.execute(tx);
  const matching = await readMatching(tx);
  await numberAccounts(tx, matching.stripLeadingZeros, only ?? null);
  const { identities, connections } = await readFacts(tx, signal);
  const found = await FoundStore.open(tx);
  const linked = new Uint8Array(connections.length);
  await applyDecisions(tx, identities, linked, found);
  await writeKeys(tx, matching, signal);
  await link(tx, { identities, connections, linked, found, signal });
  await found.flush();
  await writeSets(tx, identities, connections.length);
  const changed = await writeIdentities(tx, { tenantId, now, whole: only === undefined });
  const identityIds = only === undefined ? [] : await readIds(tx);
  for (const table of [
    'provisioned_ids',
    'provisioned',
    'correlating',
    'correlating_keys',
    'correlating_found',
    'correlating_sets',
    'correlating_ids',
  ]) {
    await sql`drop table ${sql.id(table)}`.execute(tx);
  }
  return { accounts: connections.length, changed, identities: identityIds };
};

const readIds = async (tx: Sql): Promise<readonly string[]> => {
  const { rows } = await sql<{ id: string }>`select identity_id::text as id from correlating_ids`.execute(tx);
  return rows.map(({ id }) => id);
};

/** `correlating`: every account that can have an identity, oldest first, with a small number for a name. */
const numberAccounts = async (tx: Sql, stripLeadingZeros: boolean, only: readonly string[] | null): Promise<void> => {
  const employee = stripLeadingZeros ? sql`ltrim(btrim(a.employee_id), '0')` : sql`btrim(a.employee_id)`;
  await readProvisioned(tx);
  await sql`create temp table correlating on commit drop as
    select (row_number() over (order by a.first_seen_at, a.connection_id, a.stream, a.id))::int - 1 as n,
      a.connection_id, a.stream, a.id, a.identity_id as was, a.first_seen_at, c.connector, a.type, a.login, a.display_name,
      a.email, a.emails, a.employee_id, a.external_ids || coalesce(v.external_ids, '{}') as external_ids,
      (dense_rank() over (order by a.connection_id))::int as connection,
      (dense_rank() over (order by a.connection_id, a.type))::int as source,
      case when coalesce(${employee}, '') = '' then 0
        else (dense_rank() over (order by lower(${employee})))::int end as employee
    from accounts a
      join connections c on c.tenant_id = a.tenant_id and c.connection_id = a.connection_id
      left join provisioned v on v.connection_id = a.connection_id and v.id = a.id
    where a.gone_at is null and c.deleted_at is null
      and (${only}::uuid[] is null or a.identity_id = any(${only}::uuid[]))`.execute(tx);
  await sql`create unique index on correlating (connection_id, stream, id)`.execute(tx);
  await sql`analyze correlating`.execute(tx);
};

/**
 * `provisioned`: accounts of the identity provider with the ids that they have in systems it provisions. The provider
 * tells them with its assignments, the system with its accounts; only ids that both tell are kept.
 */
const readProvisioned = async (tx: Sql): Promise<void> => {
  await sql`create temp table provisioned_ids on commit drop as
    select distinct one as external_id, substr(one, length('scim-id:') + 1) as id
    from accounts a cross join unnest(a.external_ids) as one where a.gone_at is null and one like 'scim-id:%'`.execute(
    tx,
  );
  const { rows } = await sql<{ any: boolean }>`select exists (select from provisioned_ids) as any`.execute(tx);
  // Without any, the assignments need not be read: there may be millions.
  await sql`create temp table provisioned on commit drop as
    select g.connection_id, g.principal_id as id, array_agg(distinct i.external_id) as external_ids
    from grants g join provisioned_ids i on i.id = g.raw->>'externalId'
    where ${rows[0]?.any === true} and g.stream = 'app-assignments' and g.principal_kind = 'account' and g.gone_at is null
    group by g.connection_id, g.principal_id`.execute(tx);
};

const readFacts = async (tx: Sql, signal: AbortSignal) => {
  const counted = await sql<{ count: number }>`select count(*)::int as count from correlating`.execute(tx);
  const count = counted.rows[0]?.count ?? 0;
  const [connections, source, employee] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)];
  const facts = sql<{ n: number; connection: number; source: number; employee: number }>`
    select n, connection, source, employee from correlating`;
  for await (const batch of readInBatches(tx, facts, { size: 20_000, signal })) {
    for (const row of batch) {
      connections[row.n] = row.connection;
      source[row.n] = row.source;
      employee[row.n] = row.employee;
    }
  }
  return { identities: new Identities(count, { source, employee }), connections };
};

interface Linking {
  readonly identities: Identities;
  readonly connections: Int32Array;
  /** 1 where the account has its reason already: the first is the strongest. */
  readonly linked: Uint8Array;
  readonly found: FoundStore;
  readonly signal: AbortSignal;
}

const link = async (tx: Sql, linking: Linking): Promise<void> => {
  const suggested = new Set<string>();
  for await (const holders of sharedKeys(tx, linking.signal)) {
    const rule = correlationRules[holders[0]?.rule ?? -1];
    if (!rule || !identifies(rule, holders, linking.connections)) continue;
    for (const [one, other] of pairs(holders)) {
      if (one.n === other.n) continue;
      if (rule.confidence >= linksFrom) await join(rule, one, other, linking);
      else await suggest(rule, one, other, linking, suggested);
    }
  }
};

const identifies = (rule: CorrelationRule, holders: readonly KeyHolder[], connections: Int32Array): boolean =>
  rule.guard?.(holders.map(({ side, n }) => ({ side: sideOf(side), connection: connections[n] ?? 0 }))) ?? true;

/** Left with right; those that match everybody, each with each, because a refused link must not part the others. */
const pairs = (holders: readonly KeyHolder[]): [KeyHolder, KeyHolder][] =>
  holders.flatMap((one, index) =>
    holders
      .slice(index + 1)
      .filter((other) => one.side === 2 || other.side === 2 || one.side !== other.side)
      .map((other): [KeyHolder, KeyHolder] => [one, other]),
  );

const join = async (
  rule: CorrelationRule,
  one: KeyHolder,
  other: KeyHolder,
  { identities, linked, found }: Linking,
) => {
  if (identities.find(one.n) === identities.find(other.n)) return;
  const refusal = identities.join(one.n, other.n);
  if (refusal === 'split') return;
  for (const [own, of] of [
    [one, other],
    [other, one],
  ] as const) {
    if (refusal === null && linked[own.n] === 1) continue;
    // A conflict is told once, a link to each account that has no stronger one.
    if (refusal === 'conflict' && own !== one) continue;
    if (refusal === null) linked[own.n] = 1;
    await found.add({
      what: refusal === null ? 'link' : 'conflict',
      n: own.n,
      other: of.n,
      rule: rule.number,
      confidence: rule.confidence,
      own: own.value,
      others: of.value,
      decision: null,
    });
  }
};

const suggest = async (
  rule: CorrelationRule,
  one: KeyHolder,
  other: KeyHolder,
  { identities, found }: Linking,
  suggested: Set<string>,
) => {
  const sets = [identities.find(one.n), identities.find(other.n)].toSorted((a, b) => a - b);
  const pair = sets.join(' ');
  if (sets[0] === sets[1] || suggested.has(pair) || suggested.size >= mostSuggestions) return;
  if (identities.refuses(one.n, other.n)) return;
  suggested.add(pair);
  await found.add({
    what: 'suggestion',
    n: one.n,
    other: other.n,
    rule: rule.number,
    confidence: rule.confidence,
    own: one.value,
    others: other.value,
    decision: null,
  });
};

/** `correlating_sets`: the set of every account. */
const writeSets = async (tx: Sql, identities: Identities, count: number): Promise<void> => {
  await sql`create temp table correlating_sets (n int not null, root int not null) on commit drop`.execute(tx);
  for (let start = 0; start < count; start += 20_000) {
    const numbers = Array.from({ length: Math.min(20_000, count - start) }, (_, index) => start + index);
    await sql`insert into correlating_sets
      select * from unnest(${numbers}::int[], ${numbers.map((n) => identities.find(n))}::int[])`.execute(tx);
  }
  await sql`analyze correlating_sets`.execute(tx);
};
