/**
 * One certain way in which whoever controls an account controls something else. `sql` is static text over the alias-free
 * tables of the derivation; it selects `from_connection, from_stream, from_id, to_kind, to_connection, to_stream, to_id,
 * to_label, to_level, proof`. The target is an account (so that the path can go on), a group or an application.
 */
export interface PathEdge {
  readonly edge: string;
  /** What the source can do to the target: "can reset the credentials of". */
  readonly title: string;
  readonly sql: string;
}

export const defineEdge = (edge: PathEdge) => edge;

/** One fact of a proof: what was read, its value and the record it stands in. */
export const proof = (
  fact: string,
  value: string,
  kind: string,
  alias: string,
  address = 'connection_id, stream, id',
): string => {
  const [connection, stream, id] = address.split(', ');
  return `jsonb_build_object('fact', '${fact}', 'value', coalesce((${value})::text, 'unknown'), 'kind', '${kind}',
    'connection', ${alias}.${connection}, 'stream', ${alias}.${stream}, 'id', ${alias}.${id})`;
};

/** Targets of one grant that are kept, the highest first: beyond them a path tells nothing new. */
export const mostTargets = 200;

/** Paths lead to this level and above: 3 high. */
export const pathsFrom = 3;
