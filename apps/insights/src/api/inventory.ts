import { z } from 'zod';
import { ListQuery, list, Severity, When } from './words.ts';

/** `identities` beside the records of the connector kit. */
export const InventoryColumn = z.object({
  name: z.string(),
  title: z.string(),
  type: z.enum(['text', 'time', 'flag', 'number', 'list', 'json']),
  values: z.array(z.string()).nullable(),
  search: z.boolean(),
  sort: z.boolean(),
  shown: z.boolean(),
});
/** GET /api/inventory/kinds (signed-in): what lists exist and their columns, ours (privilege, identity, connection) included. */
export const InventoryKind = z.object({
  kind: z.string(),
  title: z.string(),
  one: z.string(),
  columns: z.array(InventoryColumn),
});

/**
 * GET /api/tenants/:tenantId/inventory/:kind (reader).
 * `filter` repeats: `column:operator:value`, all must hold. Operators: eq, ne, in (values joined by `|`), lt, gt (numbers and times),
 * null, notnull, contains (lists and texts). `sort` is `column` or `-column`, on columns with `sort`. `search` finds words in the columns with `search`.
 */
export const InventoryQuery = ListQuery.extend({
  search: z.string().trim().max(200).optional(),
  filter: z
    .union([
      z
        .string()
        .max(500)
        .transform((one) => [one]),
      z.array(z.string().max(500)).max(20),
    ])
    .optional(),
  sort: z.string().max(60).optional(),
});
/**
 * `_connection` and `_stream` name where a record comes from; with `id` they are its address. In lists `_links` has, by
 * column, the Link of the record that an id in this column names, as far as it was read.
 */
export const InventoryRecord = z.looseObject({
  id: z.string(),
  _connection: z.string(),
  _connectionName: z.string(),
  _connector: z.string(),
  _stream: z.string(),
  _seenAt: When.nullable(),
});
export const InventoryList = list(InventoryRecord);

/**
 * GET …/inventory/:kind/export.csv?columns=a,b&… (reader): the same query, every row, text/csv, UTF-8 with header.
 * GET …/inventory/:kind/record?connection=…&stream=…&id=… (reader) → RecordDetail
 */
export const RecordAddress = z.object({ connection: z.uuid(), stream: z.string().max(60), id: z.string().max(500) });

export const Link = z.object({
  kind: z.string(),
  connection: z.string(),
  stream: z.string(),
  id: z.string(),
  label: z.string(),
});
export const Change = z.object({
  at: When,
  kind: z.enum(['added', 'changed', 'gone', 'returned']),
  fields: z.record(z.string(), z.object({ before: z.unknown(), after: z.unknown() })),
});
/** One way by which a principal holds a role: from the account through groups to the role and what it opens. */
export const GrantPath = z.object({
  role: Link.nullable(),
  roleName: z.string(),
  resource: Link.nullable(),
  privilege: z.string(),
  state: z.string(),
  /** The steps between, in order; empty means direct. Each has how membership came about. */
  through: z.array(z.object({ group: Link, via: z.string() })),
  limitedTo: z.array(z.string()),
});
export const RelatedItem = Link.extend({ note: z.string().nullable() });
/**
 * GET …/inventory/:kind/record/related?list=members&… (reader) → list(RelatedItem): the whole of one list beside a record.
 * GET …/inventory/:kind/record/grants?… (reader) → list(GrantPath), what may do most first. `search` finds words in names.
 */
export const AroundQuery = RecordAddress.extend(ListQuery.shape).extend({
  search: z.string().trim().max(200).optional(),
});
export const RelatedQuery = AroundQuery.extend({ list: z.string().max(60) });
export const RecordDetail = z.object({
  kind: z.string(),
  record: InventoryRecord,
  title: z.string(),
  firstSeenAt: When,
  changedAt: When,
  isGone: z.boolean(),
  raw: z.unknown(),
  history: z.array(Change),
  findings: z.array(z.object({ findingId: z.uuid(), title: z.string(), severity: Severity, status: z.string() })),
  /** What may do most first, at most 100, and how many there are. */
  grants: z.array(GrantPath),
  grantTotal: z.object({ value: z.number().int(), exact: z.boolean() }),
  /** Titled lists of neighbours: groups of an account, members of a group, holders of a role, credentials, factors, … (at most 100 each). */
  related: z.array(
    z.object({
      title: z.string(),
      /** The page with the whole list, where it can be searched. */
      href: z.string(),
      total: z.number().int(),
      items: z.array(RelatedItem),
    }),
  ),
  identity: z.object({ identityId: z.uuid(), name: z.string() }).nullable(),
});
