import type { Migration } from '@gatehouse/database';

/** As they were when these steps were written: an applied step never changes, a new kind brings its own. */
const kinds: readonly string[] = [
  ...['accounts', 'groups', 'memberships', 'roles', 'grants'],
  ...['resources', 'credentials', 'factors', 'policies', 'events'],
];

/**
 * What lists read. Row-level security lets PostgreSQL use an index only for operators that it knows to keep secrets,
 * which words, patterns and computed sort keys are not: a list would read the whole table. A view of the owner
 * has the same fence, the tenant of the transaction, as an ordinary condition, and every index serves.
 */
const views = kinds
  .map(
    (kind) => `
      create view listed_${kind} as select * from ${kind}
        where tenant_id = (select nullif(current_setting('gatehouse.tenant', true), '')::uuid);
      grant select on listed_${kind} to gatehouse_tenant;`,
  )
  .join('\n');

/**
 * Which rows the indexes of a list hold. Accounts come in by the million, and an index more costs as much as the row
 * itself: theirs hold an account once the steps after reading have seen it, which write its row anyway. Lists look for
 * the others beside the indexes.
 */
const listed = (table: string) =>
  table === 'accounts' ? 'gone_at is null and mfa_state is not null' : 'gone_at is null';

/** Sort keys are cut, because an index entry has a size limit and a name has none. */
const text = (table: string, column: string) => `
      create index ${table}_by_${column} on ${table} (tenant_id, (left(lower(${column}), 200)) collate "C", seq)
        where ${listed(table)};`;
const plain = (table: string, column: string) => `
      create index ${table}_by_${column} on ${table} (tenant_id, ${column}, seq) where ${listed(table)};`;
/** Few values: stored once each, so it costs little and lets rows be counted without reading them. */
const facet = (table: string, column: string) => `
      create index ${table}_with_${column} on ${table} (tenant_id, ${column}) where ${listed(table)};`;
const facetText = (table: string, column: string) => `
      create index ${table}_with_${column} on ${table} (tenant_id, (left(lower(${column}), 200)) collate "C")
        where ${listed(table)};`;
const words = (table: string, columns: readonly string[]) => `
      create index ${table}_words on ${table} using gin (to_tsvector('simple', translate(
        ${columns.map((column) => `coalesce(left(${column}, 200), '')`).join(` || ' ' || `)},
        '@._-+/\\:;,()[]{}<>#&|!?*"=%$~\`^', repeat(' ', 31)))) where ${listed(table)};`;
const gone = (table: string) => `
      create index ${table}_gone on ${table} (tenant_id, seq) where gone_at is not null;`;
/** Eight bytes for an id of any length, and as quick to keep as a number; the id itself is compared afterwards. */
const reference = (table: string, column: string) => `
      create index ${table}_of_${column} on ${table} (hashtextextended(${column}, 0)) where ${column} is not null;`;

const indexes = [
  `
      create index accounts_underived on accounts (tenant_id) where gone_at is null and mfa_state is null;
      create index accounts_of_identity on accounts (tenant_id, identity_id) where identity_id is not null;`,
  ...['login', 'display_name', 'email'].map((column) => text('accounts', column)),
  ...['created_at', 'last_login_at', 'true_privilege', 'last_active_at'].map((column) => plain('accounts', column)),
  ...['status', 'type', 'mfa_state'].map((column) => facet('accounts', column)),
  facetText('accounts', 'department'),
  words('accounts', ['login', 'display_name', 'email']),
  ...['groups', 'roles', 'resources', 'credentials', 'policies'].flatMap((table) => [
    text(table, 'name'),
    words(table, ['name']),
  ]),
  ...['groups', 'resources', 'credentials', 'grants', 'factors'].map((table) => plain(table, 'created_at')),
  plain('resources', 'last_activity_at'),
  ...['expires_at', 'last_used_at'].map((column) => plain('credentials', column)),
  plain('grants', 'expires_at'),
  plain('events', 'time'),
  ...['action', 'actor_login', 'ip'].map((column) => text('events', column)),
  words('events', ['action', 'actor_login', 'ip']),
  ...kinds.map(gone),
  // Neighbours of a record, for its page.
  reference('memberships', 'group_id'),
  reference('memberships', 'member_id'),
  ...['principal_id', 'role_id', 'resource_id'].map((column) => reference('grants', column)),
  reference('credentials', 'owner_id'),
  reference('factors', 'account_id'),
  reference('events', 'actor_id'),
].join('');

const identities = `
      create view listed_identities as select * from identities
        where tenant_id = (select nullif(current_setting('gatehouse.tenant', true), '')::uuid);
      grant select on listed_identities to gatehouse_tenant;
      create index identities_by_name on identities (tenant_id, (left(lower(name), 200)) collate "C", identity_id);
      create index identities_by_privilege on identities (tenant_id, privilege, identity_id);
      create index identities_by_last_active_at on identities (tenant_id, last_active_at, identity_id);
      create index identities_by_accounts on identities (tenant_id, accounts, identity_id);
      create index identities_words on identities using gin (to_tsvector('simple', translate(
        coalesce(left(name, 200), '') || ' ' || coalesce(left(email, 200), ''),
        '@._-+/\\:;,()[]{}<>#&|!?*"=%$~\`^', repeat(' ', 31))));`;

/**
 * A foreign key is checked row by row, which costs half as much as the row itself. Each page is stored with its
 * `stream_states` row, whose foreign key keeps the tenant for as long as anything is left of it.
 */
const unchecked = kinds.map((kind) => `alter table ${kind} drop constraint ${kind}_tenant_id_fkey;`).join('\n');

/**
 * Indexes that put new entries aside, unsorted, and sort them in at once: an index of scattered values kept row by row
 * costs a first read as much again as the rows. The steps after reading sort in what it has put aside (`mergeIndexes`).
 */
const setAside = 'with (gin_pending_list_limit = 131072)';

/** Links of both kinds in one index each; filters that keep little together; parts of words. */
const together = `
      drop index memberships_of_group_id, memberships_of_member_id;
      create index memberships_references on memberships using gin ((array[
        hashtextextended(group_id, 0), hashtextextended(member_id, 0)])) ${setAside};
      drop index grants_of_principal_id, grants_of_role_id, grants_of_resource_id;
      create index grants_references on grants using gin ((array[
        hashtextextended(principal_id, 0), hashtextextended(role_id, 0), hashtextextended(resource_id, 0)])) ${setAside};
      create index accounts_facets on accounts using gin ((array[
        hashtextextended(status, uuid_hash_extended(tenant_id, 0)),
        hashtextextended(type, uuid_hash_extended(tenant_id, 1)),
        hashtextextended(mfa_state, uuid_hash_extended(tenant_id, 2)),
        hashtextextended(department, uuid_hash_extended(tenant_id, 3))])) ${setAside} where ${listed('accounts')};
      create index accounts_parts on accounts using gin ((coalesce(login, '') || ' ' || coalesce(display_name, '')
        || ' ' || coalesce(email, '') || ' ' || coalesce(department, '') || ' ' || coalesce(title, '')) gin_trgm_ops)
        ${setAside} where ${listed('accounts')};
      alter index accounts_words set (gin_pending_list_limit = 131072);`;

export const listMigrations: readonly Migration[] = [
  { name: '0250-lists', sql: views },
  { name: '0251-list-indexes', sql: indexes },
  { name: '0260-records-of-a-tenant', sql: unchecked },
  {
    name: '0530-events-without-time',
    sql: `create index events_without_time on events (tenant_id, first_seen_at) where gone_at is null and time is null;`,
  },
  { name: '0540-indexes-set-aside', sql: together, extensions: ['pg_trgm'] },
  // After the step that makes the table.
  { name: '0500-identity-lists', sql: identities },
];
