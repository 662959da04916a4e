import type { Migration } from '@gatehouse/database';

/** As they were when these steps were written: an applied step never changes, a new kind brings its own. */
const kinds = [
  ...[
    'accounts',
    'groups',
    'memberships',
    'roles',
    'grants',
    'resources',
    'credentials',
    'factors',
    'policies',
    'events',
  ],
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

/** Sort keys are cut, because an index entry has a size limit and a name has none. */
const text = (table: string, column: string) => `
      create index ${table}_by_${column} on ${table} (tenant_id, (left(lower(${column}), 200)) collate "C", seq)
        where gone_at is null;`;
const plain = (table: string, column: string) => `
      create index ${table}_by_${column} on ${table} (tenant_id, ${column}, seq) where gone_at is null;`;
/** Few values: stored once each, so it costs little and lets rows be counted without reading them. */
const facet = (table: string, column: string) => `
      create index ${table}_with_${column} on ${table} (tenant_id, ${column}) where gone_at is null;`;
const facetText = (table: string, column: string) => `
      create index ${table}_with_${column} on ${table} (tenant_id, (left(lower(${column}), 200)) collate "C")
        where gone_at is null;`;
const words = (table: string, columns: readonly string[]) => `
      create index ${table}_words on ${table} using gin (to_tsvector('simple', translate(
        ${columns.map((column) => `coalesce(left(${column}, 200), '')`).join(` || ' ' || `)},
        '@._-+/\\:;,()[]{}<>#&|!?*"=%$~\`^', repeat(' ', 31))));`;
const gone = (table: string) => `
      create index ${table}_gone on ${table} (tenant_id, seq) where gone_at is not null;`;

const indexes = [
  ...['login', 'display_name', 'email'].map((column) => text('accounts', column)),
  ...['created_at', 'last_login_at', 'true_privilege', 'last_active_at'].map((column) => plain('accounts', column)),
  ...['status', 'type', 'mfa_state'].map((column) => facet('accounts', column)),
  facetText('accounts', 'department'),
  `
      create index accounts_of_identity on accounts (tenant_id, identity_id) where identity_id is not null;`,
  words('accounts', ['login', 'display_name', 'email']),
  ...['groups', 'roles', 'resources', 'credentials', 'policies'].flatMap((table) => [
    text(table, 'name'),
    words(table, ['name']),
  ]),
  ...['groups', 'resources', 'credentials', 'grants', 'factors'].map((table) => plain(table, 'created_at')),
  ...['resources'].map((table) => plain(table, 'last_activity_at')),
  ...['expires_at', 'last_used_at'].map((column) => plain('credentials', column)),
  plain('grants', 'expires_at'),
  plain('events', 'time'),
  ...['action', 'actor_login', 'ip'].map((column) => text('events', column)),
  words('events', ['action', 'actor_login', 'ip']),
  ...kinds.map(gone),
  // Neighbours of a record, for its page. Cut for the same reason as sort keys.
  ...[
    ['memberships', 'group_id'],
    ['memberships', 'member_id'],
    ['grants', 'principal_id'],
    ['grants', 'role_id'],
    ['grants', 'resource_id'],
    ['credentials', 'owner_id'],
    ['factors', 'account_id'],
    ['events', 'actor_id'],
  ].map(
    ([table, column]) => `
      create index ${table}_of_${column} on ${table} (tenant_id, connection_id, (left(${column}, 500)));`,
  ),
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

export const listMigrations: readonly Migration[] = [
  { name: '0250-lists', sql: views },
  { name: '0251-list-indexes', sql: indexes },
  // After the step that makes the table.
  { name: '0500-identity-lists', sql: identities },
];
