import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { pathsFrom } from './edges/edge.ts';
import { pathEdges } from './edges/index.ts';
import { type FoundPath, findPaths, type WalkedEdge } from './find-paths.ts';
import { readInBatches } from './read-in-batches.ts';

/** Finds the shortest path of every account that reaches more than its roles give it; stores what changed. */
export const writePaths = async (tx: Sql, tenantId: TenantId, signal: AbortSignal): Promise<void> => {
  await walkEdges(tx);
  const found = findPaths(await readEdges(tx, signal), pathsFrom);
  await sql`create temp table found_paths on commit drop as select * from privilege_paths with no data`.execute(tx);
  for (let at = 0; at < found.length; at += atOnce) {
    signal.throwIfAborted();
    await keepPaths(tx, found.slice(at, at + atOnce));
  }
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

/** Paths that are written at once: everybody of a large domain may have one. */
const atOnce = 2_000;

/** Adds to `found_paths`. */
const keepPaths = async (tx: Sql, found: readonly FoundPath[]): Promise<void> => {
  const walked = await readWalked(tx, [...new Set(found.flatMap(({ steps }) => steps.map(({ n }) => n)))]);
  const json = JSON.stringify(
    found.flatMap(({ level, targets, steps, length, withinIdentity }) => {
      const known = steps.flatMap(({ n }) => walked.get(n) ?? []);
      const [source, target] = [known[0]?.from, known.at(-1)?.to];
      if (!source || !target) return [];
      return {
        connection_id: source.connection,
        stream: source.stream,
        id: source.id,
        level,
        length,
        // What everybody may is told as such; else the first thing that somebody has to do.
        first_edge: (known.find(({ edge }) => edge !== 'is_in') ?? known[0])?.edge,
        target_kind: target.kind,
        target_connection_id: target.connection,
        target_stream: target.stream,
        target_id: target.id,
        target_label: target.label,
        targets,
        within_identity: withinIdentity,
        steps: known.map((step) => ({ ...step, title: titles.get(step.edge) ?? step.edge })),
      };
    }),
  );
  await sql`insert into found_paths select * from jsonb_populate_recordset(null::privilege_paths, ${json}::jsonb)`.execute(
    tx,
  );
};

const titles: ReadonlyMap<string, string> = new Map(pathEdges.map(({ edge, title }) => [edge, title]));

/** `walked_edges`: every edge, numbered; `walked_nodes`: numbers for what they lead from and to, in a lasting order. */
const walkEdges = async (tx: Sql): Promise<void> => {
  await sql`create temp table walked_edges (
    n int not null generated always as identity, edge text not null, source text collate "C" not null, target text collate "C" not null, level smallint not null,
    is_free boolean not null, from_kind text, from_connection uuid, from_stream text, from_id text, from_label text, own smallint not null, from_identity uuid,
    to_kind text, to_connection uuid, to_stream text, to_id text, to_label text, proof jsonb not null
  ) on commit drop`.execute(tx);
  for (const { edge, sql: text, isFree = false } of pathEdges) {
    await sql`
      insert into walked_edges (edge, source, target, level, is_free, from_kind, from_connection, from_stream, from_id,
        from_label, own, from_identity, to_kind, to_connection, to_stream, to_id, to_label, proof)
      select ${edge}, concat_ws(' ', from_kind, from_connection, from_stream, from_id),
        concat_ws(' ', to_kind, to_connection, to_stream, to_id), to_level, ${isFree}, from_kind, from_connection, from_stream,
        from_id, coalesce(a.display_name, a.login, p.name, from_id), coalesce(l.effective, 0), a.identity_id,
        to_kind, to_connection, to_stream, to_id, to_label, proof
      from (${sql.raw(text)}) found
        left join accounts a on from_kind = 'accounts' and a.connection_id = from_connection and a.stream = from_stream and a.id = from_id
        left join groups p on from_kind = 'groups' and p.connection_id = from_connection and p.stream = from_stream and p.id = from_id
        left join held_levels l on l.connection_id = a.connection_id and l.principal_kind = 'account' and l.principal_id = a.id
      where a.status = 'enabled' or p.id is not null
      order by 2, 3, proof`.execute(tx);
  }
  await sql`create temp table walked_nodes on commit drop as
    select node, (row_number() over (order by node))::int as n
    from (select source as node from walked_edges union select target from walked_edges) nodes`.execute(tx);
  for (const table of ['walked_edges', 'walked_nodes']) await sql`analyze ${sql.id(table)}`.execute(tx);
};

/** Numbers only: a help desk of a large organisation has hundreds of thousands of edges, and few of them are in a path. */
const readEdges = async (tx: Sql, signal: AbortSignal): Promise<readonly WalkedEdge[]> => {
  const edges: WalkedEdge[] = [];
  const light = sql<WalkedEdge>`
    select e.n, s.n as "from", t.n as "to", e.level, e.own, e.from_kind = 'accounts' as "isAccount",
      e.is_free as "isFree", coalesce(e.from_identity = a.identity_id, false) as within
    from walked_edges e
      join walked_nodes s on s.node = e.source
      join walked_nodes t on t.node = e.target
      left join accounts a on e.to_kind = 'accounts' and a.connection_id = e.to_connection and a.stream = e.to_stream
        and a.id = e.to_id
    order by e.n`;
  for await (const batch of readInBatches(tx, light, { size: 20_000, signal })) edges.push(...batch);
  return edges;
};

interface Walked {
  readonly edge: string;
  readonly from: PathNode;
  readonly to: PathNode;
  readonly proof: readonly unknown[];
}

/** Something a path leads through. */
interface PathNode {
  readonly kind: string;
  readonly connection: string;
  readonly stream: string;
  readonly id: string;
  readonly label: string;
}

const readWalked = async (tx: Sql, numbers: readonly number[]): Promise<ReadonlyMap<number, Walked>> => {
  const { rows } = await sql<Walked & { n: number }>`
    select n, edge, proof,
      jsonb_build_object('kind', from_kind, 'connection', from_connection, 'stream', from_stream, 'id', from_id,
        'label', from_label) as "from",
      jsonb_build_object('kind', to_kind, 'connection', to_connection, 'stream', to_stream, 'id', to_id, 'label', to_label) as "to"
    from walked_edges where n = any(${[...numbers]}::int[])`.execute(tx);
  return new Map(rows.map(({ n, ...walked }) => [n, walked]));
};
