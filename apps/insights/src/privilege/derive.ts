import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { readActivity } from './activity.ts';
import type { StreamCatalogue } from './catalogue.ts';
import { findControls } from './control.ts';
import { findHolders } from './holders.ts';
import { holdLevels } from './levels.ts';
import { writePaths } from './paths.ts';
import { isReadable, privilegeReadable, readConnections } from './readable.ts';
import { type FactorRead, rateSecondFactors } from './second-factors.ts';

export interface DeriveOptions {
  readonly tenantId: TenantId;
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly catalogue: StreamCatalogue;
}

/** Systems through which people sign in to others. */
const providerConnectors: ReadonlySet<string> = new Set(['okta']);

const temporary = [
  'live_grants',
  'group_levels',
  'held_levels',
  'grant_holders',
  'administrators',
  'signed_in_elsewhere',
  'grant_reach',
  'reached_members',
  'controls',
  'insiders',
  'walked_edges',
  'walked_nodes',
  'found_paths',
  'account_factors',
  'account_activity',
  'telling_domains',
];

/**
 * Writes what follows from the records about every account, in the caller's transaction and only where it changed:
 * `mfa_state`, the three privileges, `last_active_at`, and the paths. A privilege is null (undetermined) when a stream it
 * follows from cannot be read, unless what is known shows high privilege already: then that much is certain.
 * Returns how many accounts changed. Runs after correlation.
 */
export const derive = async (tx: Sql, { tenantId, now, signal, catalogue }: DeriveOptions): Promise<number> => {
  await sql`select pg_advisory_xact_lock(hashtextextended('correlate ' || ${tenantId}, 0))`.execute(tx);
  const connections = await readConnections(tx);
  const providers = connections
    .filter(({ connector }) => providerConnectors.has(connector))
    .map(({ connectionId }) => connectionId);
  await holdLevels(tx, now);
  signal.throwIfAborted();
  await findHolders(tx, providers);
  await findControls(tx);
  signal.throwIfAborted();
  await writePaths(tx, tenantId, signal);
  signal.throwIfAborted();
  await rateSecondFactors(tx, { readable: factorReads(connections, catalogue), providers });
  await readActivity(tx, tenantId);
  signal.throwIfAborted();
  const readable = privilegeReadable(connections, catalogue);
  const changed = await writeAccounts(tx, readable, providers);
  for (const table of temporary) await sql`drop table ${sql.id(table)}`.execute(tx);
  return changed;
};

/** Only these can say that somebody has no factor. */
const factorReads = (
  connections: Awaited<ReturnType<typeof readConnections>>,
  catalogue: StreamCatalogue,
): readonly FactorRead[] =>
  connections.flatMap(({ connectionId, connector, streams }) => {
    const needed = (catalogue.get(connector) ?? []).filter(({ record }) => record === 'factors');
    const reads = needed.map(({ stream }) => streams.get(stream));
    if (reads.length === 0 || !reads.every(isReadable)) return [];
    const times = reads.flatMap((read) => (read?.fullReadAt ? [read.fullReadAt.getTime()] : []));
    return [{ connectionId, fullReadAt: new Date(Math.min(...times)) }];
  });

const writeAccounts = async (
  tx: Sql,
  readable: ReturnType<typeof privilegeReadable>,
  providers: readonly string[],
): Promise<number> => {
  // A domain of which no account has signed in keeps that from the service account.
  await sql`create temp table telling_domains on commit drop as
    select distinct connection_id from accounts where gone_at is null and id like 'S-1-5-21-%' and last_login_at is not null`.execute(
    tx,
  );
  // 3 is high: what is known to be that or more is told even when it may be more still.
  const result = await sql`
    update accounts a set mfa_state = d.mfa_state, direct_privilege = d.direct, effective_privilege = d.effective,
      true_privilege = d.reached, last_active_at = d.last_active_at
    from (
      select o.connection_id, o.stream, o.id, f.state as mfa_state,
        case when (k.known and not coalesce(l.direct_unknown, false)) or l.direct >= 3 then coalesce(l.direct, 0) end as direct,
        case when (k.known and not coalesce(l.unknown, false)) or l.effective >= 3 then coalesce(l.effective, 0) end as effective,
        case when (k.known and k.reached and not coalesce(l.unknown, false)) or greatest(l.effective, p.level) >= 3
          then greatest(coalesce(l.effective, 0), coalesce(p.level, 0)) end as reached,
        -- A system that tells every sign-in and tells none has not seen the account since it was made.
        greatest(o.last_active_at, o.last_login_at, o.last_activity_at, v.at,
          case when o.connection_id = any(${providers}::uuid[]) or o.connection_id in (select connection_id from telling_domains)
            then o.created_at end) as last_active_at
      from accounts o
        -- What an account of another system may do there, the vault that keeps it does not know.
        cross join lateral (select o.connection_id = any(${readable.held}::uuid[]) and o.id !~ '^(managed|functional)-account:' as known,
          o.connection_id = any(${readable.reached}::uuid[]) as reached) k
        join account_factors f on f.connection_id = o.connection_id and f.stream = o.stream and f.id = o.id
        left join held_levels l on l.connection_id = o.connection_id and l.principal_kind = 'account' and l.principal_id = o.id
        left join privilege_paths p on p.connection_id = o.connection_id and p.stream = o.stream and p.id = o.id
        left join account_activity v on v.connection_id = o.connection_id and v.id = o.id
      where o.gone_at is null
    ) d
    where a.connection_id = d.connection_id and a.stream = d.stream and a.id = d.id
      and (a.mfa_state, a.direct_privilege, a.effective_privilege, a.true_privilege, a.last_active_at)
        is distinct from (d.mfa_state, d.direct, d.effective, d.reached, d.last_active_at)`.execute(tx);
  return Number(result.numAffectedRows ?? 0n);
};
