import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import { type Finding, type FindingQuery, findingStates } from '../api/findings.ts';
import { severities } from '../api/words.ts';
import { invalid } from '../problems.ts';
import { findRule, rules } from '../rules/index.ts';
import { type Place, parseCursor, writeCursor } from './cursor.ts';

type Query = Omit<z.output<typeof FindingQuery>, 'limit' | 'cursor'>;
type Shown = z.input<typeof Finding>;

/** Counting stops here: nobody reads on to find out how many more there are. */
const countLimit = 10_000;

/** What is asked for, checked once; `asked` names it, the tenant included. */
export interface Asked {
  readonly where: RawBuilder<boolean>;
  readonly key: RawBuilder<unknown>;
  readonly type: 'smallint' | 'timestamptz';
  readonly descending: boolean;
  readonly asked: string;
}

/** `severity` and `status` take several words with commas between them. */
export const parseQuery = (tenantId: string, query: Query): Asked => {
  const all: RawBuilder<boolean>[] = [sql<boolean>`true`];
  if (query.rule) all.push(sql<boolean>`f.rule_id = ${query.rule}`);
  if (query.connection) all.push(sql<boolean>`f.connection_id = any(${query.connection.split(',')}::uuid[])`);
  const status = words('status', query.status, findingStates);
  if (status) all.push(sql<boolean>`f.status = any(${status}::text[])`);
  const severity = words('severity', query.severity, severities);
  if (severity) all.push(sql<boolean>`f.severity = any(${severity.map((one) => severities.indexOf(one))}::smallint[])`);
  if (query.search) all.push(matches(query.search));
  const descending = query.sort.startsWith('-');
  const name = descending ? query.sort.slice(1) : query.sort;
  const order = orders[name] ?? orders.severity;
  return {
    where: sql<boolean>`${sql.join(all, sql` and `)}`,
    key: sql.raw(order.key),
    type: order.type,
    descending,
    asked: JSON.stringify([tenantId, 'findings', query]),
  };
};

const orders: Readonly<Record<string, { key: string; type: Asked['type'] }>> & {
  readonly severity: { key: string; type: Asked['type'] };
} = {
  severity: { key: 'f.severity', type: 'smallint' },
  firstSeenAt: { key: 'f.first_seen_at', type: 'timestamptz' },
  lastSeenAt: { key: 'f.last_seen_at', type: 'timestamptz' },
};

const words = <W extends string>(field: string, text: string | undefined, known: readonly W[]): readonly W[] | null => {
  if (text === undefined || text === '') return null;
  return text.split(',').map((word) => {
    const found = known.find((one) => one === word);
    if (!found) throw invalid(field, `"${word}" is not one of ${known.join(', ')}.`);
    return found;
  });
};

/** By what it is about, or by the title of its rule. */
const matches = (search: string): RawBuilder<boolean> => {
  const lower = search.toLowerCase();
  const titled = rules.filter(({ title }) => title.toLowerCase().includes(lower)).map(({ id }) => id);
  return sql<boolean>`(f.subject_label ilike ${`%${search.replace(/[\\%_]/g, '\\$&')}%`} or f.rule_id = any(${titled}::text[]))`;
};

export interface Row {
  readonly findingId: string;
  readonly ruleId: string;
  readonly connectionId: string;
  readonly kind: string;
  readonly stream: string;
  readonly id: string;
  readonly label: string;
  readonly connectionName: string;
  readonly connector: string;
  readonly severity: number;
  readonly sensitivity: string;
  readonly status: Shown['status'];
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly resolvedAt: Date | null;
  readonly owner: string | null;
  readonly acceptedUntil: Date | null;
  readonly acceptedReason: string | null;
}

/** `f` joined with its connection; used by the list, one finding and the export alike. */
export const columns = sql`
  f.finding_id::text as "findingId", f.rule_id as "ruleId", f.connection_id::text as "connectionId", f.subject_kind as kind,
  f.subject_stream as stream, f.subject_id as id, f.subject_label as label, coalesce(c.name, '') as "connectionName",
  coalesce(c.connector, '') as connector, f.severity, f.sensitivity, f.status, f.first_seen_at as "firstSeenAt",
  f.last_seen_at as "lastSeenAt", f.resolved_at as "resolvedAt", f.owner, f.accepted_until as "acceptedUntil",
  f.accepted_reason as "acceptedReason"`;
export const from = sql`findings f left join connections c on c.tenant_id = f.tenant_id and c.connection_id = f.connection_id`;

export const toFinding = (row: Row): Shown => {
  const rule = findRule(row.ruleId);
  return {
    findingId: row.findingId,
    ruleId: row.ruleId,
    title: rule?.title ?? row.ruleId,
    kind: rule?.kind ?? 'recommendation',
    subject: { kind: row.kind, connection: row.connectionId, stream: row.stream, id: row.id, label: row.label },
    connectionName: row.connectionName,
    connector: row.connector,
    severity: severities[row.severity] ?? 'low',
    sensitivity: row.sensitivity,
    status: row.status,
    firstSeenAt: row.firstSeenAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    // What an ended acceptance said is history, not how it is.
    owner: row.status === 'accepted' ? row.owner : null,
    acceptedUntil: row.status === 'accepted' ? (row.acceptedUntil?.toISOString() ?? null) : null,
    acceptedReason: row.status === 'accepted' ? row.acceptedReason : null,
  };
};

export const listFindings = async (
  tx: Sql,
  asked: Asked,
  page: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ readonly items: Shown[]; readonly next: string | null }> => {
  const rows = await readPage(tx, asked, parseCursor(page.cursor, asked.asked), page.limit + 1);
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toFinding),
    next: rows.length > shown.length && last ? writeCursor({ key: last.key, id: last.findingId }, asked.asked) : null,
  };
};

/** Every finding asked for, a page at a time, each page a transaction of its own: an export holds none open. */
export async function* everyFinding(
  read: <T>(work: (tx: Sql) => Promise<T>) => Promise<T>,
  asked: Asked,
): AsyncGenerator<Shown[]> {
  let after: Place | null = null;
  for (;;) {
    const rows: readonly (Row & { key: string })[] = await read((tx) => readPage(tx, asked, after, 500));
    if (rows.length > 0) yield rows.map(toFinding);
    const last = rows.at(-1);
    if (!last || rows.length < 500) return;
    after = { key: last.key, id: last.findingId };
  }
}

const readPage = async (
  tx: Sql,
  asked: Asked,
  after: Place | null,
  limit: number,
): Promise<readonly (Row & { key: string })[]> => {
  const { where, key, type, descending } = asked;
  const than = sql.raw(descending ? '<' : '>');
  const direction = sql.raw(descending ? 'desc' : 'asc');
  const beyond = after
    ? sql`and (${key}, f.finding_id) ${than} (${after.key}::text::${sql.raw(type)}, ${after.id}::uuid)`
    : sql``;
  const { rows } = await sql<Row & { key: string }>`
    select ${columns}, (${key})::text as key from ${from} where ${where} ${beyond}
    order by ${key} ${direction}, f.finding_id ${direction} limit ${limit}`.execute(tx);
  return rows;
};

export const countFindings = async (tx: Sql, { where }: Asked) => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (select from ${from} where ${where} limit ${countLimit + 1}) counted`.execute(
    tx,
  );
  const count = rows[0]?.count ?? 0;
  return { value: Math.min(count, countLimit), exact: count <= countLimit };
};
