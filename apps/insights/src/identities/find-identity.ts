import { privileges } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { IdentityDetail } from '../api/identities.ts';
import { type AccountRow, toLink } from './address.ts';
import { ruleTitle } from './rules/index.ts';

type Detail = z.input<typeof IdentityDetail>;

/** More accounts, suggestions or conflicts of one identity are not shown. */
const most = 500;

export const toPrivilegeWord = (level: number | null): string =>
  level === null ? 'undetermined' : (privileges[level] ?? 'undetermined');

/** Null when the tenant of the transaction has no such identity. */
export const findIdentity = async (tx: Sql, identityId: string): Promise<Detail | null> => {
  const { rows } = await sql<
    Omit<Detail, 'links' | 'suggestions' | 'conflicts' | 'privilege'> & { privilege: number | null }
  >`
    select identity_id::text as "identityId", name, kind, email, department, privilege
    from identities where identity_id = ${identityId}`.execute(tx);
  const [identity] = rows;
  if (!identity) return null;
  return {
    ...identity,
    privilege: toPrivilegeWord(identity.privilege),
    links: await readLinks(tx, identityId),
    suggestions: await readSuggestions(tx, identityId),
    conflicts: await readConflicts(tx, identityId),
  };
};

interface LinkRow extends AccountRow {
  readonly connectionName: string;
  readonly connector: string;
  readonly status: string | null;
  readonly privilege: number | null;
  readonly mfa: string | null;
  readonly lastActivityAt: Date | null;
  readonly rule: string | null;
  readonly confidence: number | null;
  readonly left: string;
  readonly right: string;
  readonly other: AccountRow | null;
  readonly decidedBy: string | null;
}

const readLinks = async (tx: Sql, identityId: string): Promise<Detail['links']> => {
  const { rows } = await sql<LinkRow>`
    select a.connection_id::text as connection, a.stream, a.id, coalesce(a.display_name, a.login, a.id) as label,
      c.name as "connectionName", c.connector, a.status, a.true_privilege as privilege, a.mfa_state as mfa,
      a.last_active_at as "lastActivityAt", l.rule, l.confidence::float8 as confidence, l.own_value as left,
      l.other_value as right, d.decided_by as "decidedBy",
      case when l.rule is null then null else jsonb_build_object('connection', l.other_connection_id, 'stream', l.other_stream,
        'id', l.other_id, 'label', coalesce(o.display_name, o.login, l.other_id)) end as other
    from accounts a
      join connections c on c.connection_id = a.connection_id
      left join identity_links l on l.connection_id = a.connection_id and l.stream = a.stream and l.id = a.id
      left join accounts o on o.connection_id = l.other_connection_id and o.stream = l.other_stream and o.id = l.other_id
      left join decisions d on d.decision_id = l.decision_id
    where a.identity_id = ${identityId} and a.gone_at is null and c.deleted_at is null
    order by c.name, label, a.id limit ${most}`.execute(tx);
  return rows.map((row) => ({
    account: toLink(row),
    connectionName: row.connectionName,
    connector: row.connector,
    status: row.status,
    privilege: toPrivilegeWord(row.privilege),
    mfa: row.mfa ?? 'unknown',
    lastActivityAt: row.lastActivityAt?.toISOString() ?? null,
    rule: row.rule ?? 'only',
    ruleTitle: ruleTitle(row.rule ?? 'only'),
    confidence: row.confidence === null ? 1 : Math.round(row.confidence * 100) / 100,
    evidence:
      row.other === null || row.rule === 'manual'
        ? null
        : { left: row.left, right: row.right, other: toLink(row.other) },
    decidedBy: row.decidedBy,
  }));
};

/** Pairs are stored in one order; seen from this identity the other account is the one that is not in it. */
const seenFrom = (table: 'suggestions' | 'identity_conflicts', identityId: string) => sql`
  select p.*, o.connection_id::text as connection, o.stream as o_stream, o.id as o_id,
    coalesce(o.display_name, o.login, o.id) as label, a.connection_id = p.connection_id and a.stream = p.stream and a.id = p.id as first
  from ${sql.id(table)} p
    join accounts a on (a.connection_id, a.stream, a.id) in ((p.connection_id, p.stream, p.id), (p.other_connection_id, p.other_stream, p.other_id))
    join accounts o on (o.connection_id, o.stream, o.id) in ((p.connection_id, p.stream, p.id), (p.other_connection_id, p.other_stream, p.other_id))
      and o.identity_id is distinct from a.identity_id
  where a.identity_id = ${identityId} and a.gone_at is null and o.gone_at is null`;

const readSuggestions = async (tx: Sql, identityId: string): Promise<Detail['suggestions']> => {
  const { rows } = await sql<
    AccountRow & { suggestionId: string; rule: string; confidence: number; left: string; right: string }
  >`
    select suggestion_id::text as "suggestionId", connection, o_stream as stream, o_id as id, label, rule,
      confidence::float8 as confidence, case when first then own_value else other_value end as left,
      case when first then other_value else own_value end as right
    from (${seenFrom('suggestions', identityId)}) s
    where state = 'open' order by confidence desc, suggestion_id limit ${most}`.execute(tx);
  return rows.map(({ suggestionId, rule, confidence, left, right, ...account }) => ({
    suggestionId,
    account: toLink(account),
    rule,
    confidence: Math.round(confidence * 100) / 100,
    left,
    right,
    why: `${ruleTitle(rule)}.`,
  }));
};

const readConflicts = async (tx: Sql, identityId: string): Promise<Detail['conflicts']> => {
  const { rows } = await sql<AccountRow & { why: string; rule: string; left: string; right: string }>`
    select connection, o_stream as stream, o_id as id, label, why, rule, own_value as left, other_value as right
    from (${seenFrom('identity_conflicts', identityId)}) c order by label, o_id limit ${most}`.execute(tx);
  return rows.map(({ why, rule, left, right, ...account }) => ({
    account: toLink(account),
    why: `${ruleTitle(rule)}: ${left}${left === right ? '' : ` and ${right}`}. ${why}`,
  }));
};
