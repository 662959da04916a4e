import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { pathsFrom } from './edges/edge.ts';
import { pathEdges } from './edges/index.ts';
import { findPaths, type Step, type WalkedEdge } from './find-paths.ts';

/** Finds the shortest path of every account that reaches more than its roles give it; stores what changed. */
export const writePaths = async (tx: Sql, tenantId: TenantId): Promise<void> => {
  const edges: WalkedEdge[] = [];
  for (const { edge, title, sql: text } of pathEdges) {
    const { rows } = await sql<Omit<WalkedEdge, 'edge' | 'title'>>`
      select concat_ws(' ', 'accounts', from_connection, from_stream, from_id) as "from",
        concat_ws(' ', to_kind, to_connection, to_stream, to_id) as "to", to_level as level,
        jsonb_build_object('kind', 'accounts', 'connection', from_connection, 'stream', from_stream, 'id', from_id,
          'label', coalesce(a.display_name, a.login, a.id)) as source,
        jsonb_build_object('kind', to_kind, 'connection', to_connection, 'stream', to_stream, 'id', to_id,
          'label', to_label) as target,
        coalesce(l.effective, 0) as own, a.identity_id::text as identity, t.identity_id::text as "targetIdentity", proof
      from (${sql.raw(text)}) found
        join accounts a on a.connection_id = from_connection and a.stream = from_stream and a.id = from_id
        left join accounts t on to_kind = 'accounts' and t.connection_id = to_connection and t.stream = to_stream and t.id = to_id
        left join held_levels l on l.connection_id = a.connection_id and l.principal_kind = 'account' and l.principal_id = a.id
      where a.status = 'enabled'`.execute(tx);
    edges.push(...rows.map((row) => ({ ...row, edge, title })));
  }
  const found = findPaths(edges, pathsFrom);
  const json = JSON.stringify(
    found.map(({ source, target, level, targets, steps, withinIdentity }) => ({
      connection_id: source.connection,
      stream: source.stream,
      id: source.id,
      level,
      length: steps.length,
      first_edge: steps[0]?.edge,
      target_kind: target.kind,
      target_connection_id: target.connection,
      target_stream: target.stream,
      target_id: target.id,
      target_label: target.label,
      targets,
      within_identity: withinIdentity,
      steps: steps.map(({ edge, title, source: from, target: to, proof }: Step) => ({ edge, title, from, to, proof })),
    })),
  );
  await sql`create temp table found_paths on commit drop as
    select * from jsonb_populate_recordset(null::privilege_paths, ${json}::jsonb)`.execute(tx);
  await sql`delete from privilege_paths p where not exists (
    select from found_paths f where f.connection_id = p.connection_id and f.stream = p.stream and f.id = p.id)`.execute(
    tx,
  );
  await sql`insert into privilege_paths as p (tenant_id, connection_id, stream, id, level, length, first_edge, target_kind,
      target_connection_id, target_stream, target_id, target_label, targets, within_identity, steps)
    select ${tenantId}, connection_id, stream, id, level, length, first_edge, target_kind, target_connection_id,
      target_stream, target_id, target_label, targets, within_identity, steps from found_paths
    on conflict (tenant_id, connection_id, stream, id) do update set
      level = excluded.level, length = excluded.length, first_edge = excluded.first_edge,
      target_kind = excluded.target_kind, target_connection_id = excluded.target_connection_id,
      target_stream = excluded.target_stream, target_id = excluded.target_id, target_label = excluded.target_label,
      targets = excluded.targets, within_identity = excluded.within_identity, steps = excluded.steps
    where (p.level, p.targets, p.steps) is distinct from (excluded.level, excluded.targets, excluded.steps)`.execute(
    tx,
  );
};
