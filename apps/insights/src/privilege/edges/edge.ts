/**
 * One certain way in which whoever controls an account, or is in a group, controls something else. `sql` is static text over the alias-free
 * tables of the derivation; it selects `from_connection, from_kind, from_stream, from_id, to_kind, to_connection, to_stream, to_id,
 * to_label, to_level, proof`. The target is an account (so that the path can go on), a group or an application.
 */
export interface PathEdge {
  readonly edge: string;
  /** What the source can do to the target: "can reset the credentials of". */
  readonly title: string;
  readonly sql: string;
  /** Being in a group is no step: nobody has to do anything for it. */
  readonly isFree?: boolean;
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

const everything = (holder: string) => `(cardinality(${holder}.targets) = 0 and not ${holder}.is_custom)`;

/** The resource set that limits a custom role, in SQL; `holds` is over its attributes. */
const inResourceSet = (holder: string, holds: string) => `exists (
  select from resources s where ${holder}.is_custom and s.connection_id = ${holder}.connection_id and s.id = ${holder}.resource_id
    and s.type = 'resource_set' and s.gone_at is null and (${holds}))`;

/** Whether a grant reaches an application, in SQL. */
export const coversApplication = (holder: string, application: string): string => `(
  ${everything(holder)} or ('app:' || ${application}) = any(${holder}.targets)
  or ${inResourceSet(holder, `s.attributes->'allApps' = 'true' or s.attributes->'apps' ? ${application}`)})`;
