import type { RecordKind } from '@gatehouse/connector-kit';
import { heldTogether } from './links.ts';
import { recordColumns } from './record-columns.ts';
import { lineFields } from './record-line.ts';

/**
 * The statements that bring a page of one kind into its table. All but `copyNew` go through a temporary table, where the
 * incoming records meet the rows of the same id; `incoming` and the table differ only in what the vendor changed.
 */
export interface MergeSql {
  /** Straight into the table: only for ids that it does not hold. */
  readonly copyNew: string;
  /** Prepares the temporary table on this connection. */
  readonly prepare: string;
  readonly copyIncoming: string;
  /** History of what differs, with the values before and after. Runs before `update`. */
  readonly history: string;
  readonly update: string;
  /** Takes the incoming records whose id is not there; answers their ids. Those that are there stay as they are. */
  readonly insertMissing: string;
  /** The seq of every incoming id. */
  readonly seqs: string;
}

const key = ['tenant_id', 'connection_id', 'stream', 'id'] as const;

/** `kind` is one of our own constants, and so are all names in here; values never are part of a text. */
export const mergeSql = (kind: RecordKind): MergeSql => {
  const incoming = `incoming_${kind}`;
  const fields = lineFields(kind).join(', ');
  const columns = recordColumns(kind);
  const lasting = columns.filter(({ isActivity }) => !isActivity);
  const same = key.map((name) => `o.${name} = i.${name}`).join(' and ');
  const differs = '(o.hash <> i.hash or o.gone_at is not null)';
  const row = (alias: string) => `row(${lasting.map(({ field }) => `${alias}.${field}`).join(', ')})`;
  return {
    copyNew: `copy ${kind} (${fields}) from stdin`,
    prepare: `create temp table if not exists ${incoming} (like ${kind} including defaults) on commit delete rows`,
    copyIncoming: `copy ${incoming} (${fields}) from stdin`,
    history: `
      insert into changes (tenant_id, kind, connection_id, stream, id, change, fields)
      select o.tenant_id, '${kind}', o.connection_id, o.stream, o.id,
        case when o.gone_at is null then 'changed' else 'returned' end, changed.fields
      from ${incoming} i join ${kind} o on ${same}
      cross join lateral (
        select coalesce(jsonb_object_agg(name, jsonb_build_object('before', before, 'after', after)), '{}') as fields
        from (values ${lasting.map(({ name, field }) => `('${name}', to_jsonb(o.${field}), to_jsonb(i.${field}))`).join(', ')})
          as compared (name, before, after)
        where before is distinct from after
      ) changed
      where ${differs} and (changed.fields <> '{}' or o.gone_at is not null)
      returning change`,
    update: `
      update ${kind} o set
        ${[...columns.map(({ field }) => field), 'raw', 'hash'].map((field) => `${field} = i.${field}`).join(', ')},
        changed_at = case when ${row('o')} is distinct from ${row('i')} or o.gone_at is not null then now() else o.changed_at end,
        gone_at = null
      from ${incoming} i where ${same} and ${differs}`,
    insertMissing: `
      insert into ${kind} (${fields}) select ${fields} from ${incoming} on conflict (${key.join(', ')}) do nothing returning id`,
    seqs: `select o.id, o.seq from ${incoming} i join ${kind} o on ${same}`,
  };
};

/** Reads back what the table holds of one stream, in the binary format: seq, id and (unless it is gone) hash. */
export const copyKnown = (
  kind: RecordKind,
  owner: { tenantId: string; connectionId: string; stream: string },
): string =>
  `copy (select seq, id, case when gone_at is null then hash end from ${kind} where tenant_id = ${quote(owner.tenantId)}
    and connection_id = ${quote(owner.connectionId)} and stream = ${quote(owner.stream)}) to stdout (format binary)`;

/** COPY takes no parameters. */
const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** `$1` tenant, `$2` connection, `$3` stream, `$4` seqs or ids: what is gone from now on, with its line of history. */
export const markGone = (kind: RecordKind, by: 'seq' | 'id'): string => `
  with gone as (
    update ${kind} set gone_at = now()
    where tenant_id = $1 and connection_id = $2 and stream = $3 and ${by} = any($4) and gone_at is null
    returning id
  )
  insert into changes (tenant_id, kind, connection_id, stream, id, change) select $1, '${kind}', $2, $3, id, 'gone' from gone`;

/** The column that names the thing whose part a record is. Null: records of the kind are no parts. */
const wholeColumn: Readonly<Partial<Record<RecordKind, string>>> = { memberships: 'group_id', grants: 'resource_id' };

/**
 * `$4` the thing, `$5` and `$6` the stretch of ids that is spoken of (null: from the start, to the end), `$7` the ids
 * that are there: all others are gone from now on. Null where records of the kind are parts of nothing.
 */
export const markPartsGone = (kind: RecordKind): string | null => {
  const column = wholeColumn[kind];
  const hashes = heldTogether.get(kind)?.map((name) => `hashtextextended(${name}, 0)`);
  if (column === undefined || hashes === undefined) return null;
  return `
  with gone as (
    update ${kind} set gone_at = now()
    where tenant_id = $1 and connection_id = $2 and stream = $3 and gone_at is null
      and array[${hashes.join(', ')}] @> array[hashtextextended($4::text, 0)] and ${column} = $4
      and ($5::text is null or id collate "C" >= $5) and ($6::text is null or id collate "C" < $6) and id <> all($7::text[])
    returning id
  )
  insert into changes (tenant_id, kind, connection_id, stream, id, change) select $1, '${kind}', $2, $3, id, 'gone' from gone`;
};

/** `$4` ids that are there for the first time, after the first full read. */
export const noteAdded = (kind: RecordKind): string => `
  insert into changes (tenant_id, kind, connection_id, stream, id, change)
  select $1, '${kind}', $2, $3, id, 'added' from unnest($4::text[]) as added (id)`;
