import { type Column, privileges, type RecordKind, recordKinds, records } from '@gatehouse/connector-kit';

/**
 * A column of a list: one of the record's own, or one that Gatehouse adds. `at` and `sortAt` are SQL over the alias
 * `r`; they are built from constants of this file and of the record specs, never from input.
 */
export interface ListColumn {
  readonly name: string;
  readonly title: string;
  readonly type: Column['type'];
  readonly values: readonly string[] | null;
  readonly search: boolean;
  readonly sort: boolean;
  readonly shown: boolean;
  readonly at: string;
  /** What the index over this column holds, and so what keyset paging compares. */
  readonly sortAt: string;
  /** How PostgreSQL types `at`; `privilege` is a number in the table and a word outside. */
  readonly stored: 'text' | 'timestamptz' | 'boolean' | 'double precision' | 'text[]' | 'jsonb' | 'uuid' | 'privilege';
}

/** One list of the inventory: the records of a kind, or the identities. */
export interface Listing {
  readonly kind: string;
  readonly title: string;
  readonly one: string;
  /** View that shows the rows of the tenant of the transaction. */
  readonly from: string;
  /** Unique within a tenant: breaks ties of every order. */
  readonly tie: { readonly at: string; readonly type: 'bigint' | 'uuid' };
  readonly columns: readonly ListColumn[];
  /** Records know their connection and can be gone; identities do neither. */
  readonly isRecord: boolean;
  /** SQL that tells rows which the steps after reading have seen; null: they do not derive this kind. */
  readonly derivedWhen: string | null;
}

export const undetermined = 'undetermined';
export const privilegeWords: readonly string[] = [...privileges, undetermined];

/** `displayName` → `display_name`. */
export const columnName = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const titles: Readonly<Record<RecordKind, readonly [title: string, one: string]>> = {
  accounts: ['Accounts', 'Account'],
  groups: ['Groups', 'Group'],
  memberships: ['Memberships', 'Membership'],
  roles: ['Roles and entitlements', 'Role or entitlement'],
  grants: ['Grants', 'Grant'],
  resources: ['Applications and resources', 'Application or resource'],
  credentials: ['Secrets', 'Secret'],
  factors: ['Second factors', 'Second factor'],
  policies: ['Policies', 'Policy'],
  events: ['Events', 'Event'],
};

const stored = {
  text: 'text',
  time: 'timestamptz',
  flag: 'boolean',
  number: 'double precision',
  list: 'text[]',
  json: 'jsonb',
} as const;

/** Sorted without regard to case. Cut, because an index entry has a size limit and a name has none. */
const textKey = (at: string) => `left(lower(${at}), 200) collate "C"`;

type Ours = Pick<ListColumn, 'name' | 'title' | 'stored' | 'at'> & Partial<ListColumn>;

const typeOf = (held: ListColumn['stored']): ListColumn['type'] =>
  held === 'privilege' || held === 'uuid'
    ? 'text'
    : held === 'timestamptz'
      ? 'time'
      : held === 'boolean'
        ? 'flag'
        : held === 'double precision'
          ? 'number'
          : held === 'text[]'
            ? 'list'
            : held === 'jsonb'
              ? 'json'
              : 'text';

const ours = (column: Ours): ListColumn => ({
  type: typeOf(column.stored),
  values: column.stored === 'privilege' ? privilegeWords : null,
  search: false,
  sort: false,
  shown: false,
  sortAt: column.stored === 'text' ? textKey(column.at) : column.at,
  ...column,
});

const own = ([name, column]: [string, Column]): ListColumn => ({
  name,
  title: column.title,
  type: column.type,
  values: column.values ?? null,
  search: column.search === true,
  sort: column.sort === true,
  shown: column.shown === true,
  at: `r.${columnName(name)}`,
  sortAt: column.type === 'text' ? textKey(`r.${columnName(name)}`) : `r.${columnName(name)}`,
  stored: stored[column.type],
});

const everyRecord: readonly ListColumn[] = [
  ours({ name: '_connection', title: 'Connection', stored: 'uuid', at: 'r.connection_id', shown: true }),
  ours({ name: '_stream', title: 'Read as', stored: 'text', at: 'r.stream' }),
  ours({ name: 'id', title: 'Id in the system', stored: 'text', at: 'r.id' }),
  ours({ name: 'firstSeenAt', title: 'First seen', stored: 'timestamptz', at: 'r.first_seen_at' }),
  ours({ name: 'changedAt', title: 'Changed', stored: 'timestamptz', at: 'r.changed_at' }),
  ours({ name: 'gone', title: 'Gone', stored: 'boolean', at: '(r.gone_at is not null)' }),
];

const mfaStates = ['none', 'weak', 'strong', 'phishing_resistant', 'unknown'];

/** What the steps after reading know about an account. */
const derived: readonly ListColumn[] = [
  ours({ name: 'identity', title: 'Identity', stored: 'uuid', at: 'r.identity_id', shown: true }),
  ours({
    name: 'mfaState',
    title: 'MFA strength',
    stored: 'text',
    at: 'r.mfa_state',
    values: mfaStates,
    shown: true,
  }),
  ours({
    name: 'truePrivilege',
    title: 'True Privilege',
    stored: 'privilege',
    at: 'r.true_privilege',
    sort: true,
    shown: true,
  }),
  ours({ name: 'effectivePrivilege', title: 'Effective privilege', stored: 'privilege', at: 'r.effective_privilege' }),
  ours({ name: 'directPrivilege', title: 'Direct privilege', stored: 'privilege', at: 'r.direct_privilege' }),
  ours({
    name: 'lastActiveAt',
    title: 'Last active',
    stored: 'timestamptz',
    at: 'r.last_active_at',
    sort: true,
    shown: true,
  }),
];

const ofRecord = (kind: RecordKind): Listing => ({
  kind,
  title: titles[kind][0],
  one: titles[kind][1],
  from: `listed_${kind}`,
  tie: { at: 'r.seq', type: 'bigint' },
  columns: [...Object.entries<Column>(records[kind]).map(own), ...(kind === 'accounts' ? derived : []), ...everyRecord],
  isRecord: true,
  derivedWhen: kind === 'accounts' ? 'r.mfa_state is not null' : null,
});

const identities: Listing = {
  kind: 'identities',
  title: 'Identities',
  one: 'Identity',
  from: 'listed_identities',
  tie: { at: 'r.identity_id', type: 'uuid' },
  columns: [
    ours({ name: 'name', title: 'Name', stored: 'text', at: 'r.name', search: true, sort: true, shown: true }),
    ours({
      ...{ name: 'kind', title: 'Kind', stored: 'text', at: 'r.kind', shown: true },
      values: ['human', 'service', 'system', 'agent', 'unknown'],
    }),
    ours({ name: 'email', title: 'E-mail', stored: 'text', at: 'r.email', search: true, shown: true }),
    ours({ name: 'department', title: 'Department', stored: 'text', at: 'r.department' }),
    ours({
      name: 'privilege',
      title: 'True Privilege',
      stored: 'privilege',
      at: 'r.privilege',
      sort: true,
      shown: true,
    }),
    ours({
      name: 'mfaState',
      title: 'MFA strength',
      stored: 'text',
      at: 'r.mfa_state',
      values: mfaStates,
      shown: true,
    }),
    ours({
      ...{ name: 'lastActiveAt', title: 'Last active', stored: 'timestamptz', at: 'r.last_active_at' },
      ...{ sort: true, shown: true },
    }),
    ours({
      name: 'accounts',
      title: 'Accounts',
      stored: 'double precision',
      at: 'r.accounts',
      sort: true,
      shown: true,
    }),
    ours({ name: 'enabledAccounts', title: 'Enabled accounts', stored: 'double precision', at: 'r.enabled_accounts' }),
    ours({ name: 'connections', title: 'Systems', stored: 'double precision', at: 'r.connections' }),
    ours({ name: 'createdAt', title: 'First seen', stored: 'timestamptz', at: 'r.created_at' }),
    ours({ name: 'id', title: 'Id', stored: 'uuid', at: 'r.identity_id' }),
  ],
  isRecord: false,
  derivedWhen: null,
};

export const listings: ReadonlyMap<string, Listing> = new Map(
  [identities, ...recordKinds.map(ofRecord)].map((listing) => [listing.kind, listing]),
);

export const isRecordKind = (kind: string): kind is RecordKind => Object.hasOwn(records, kind);

/** The columns that the search box looks into, as one SQL text of words. */
export const wordsOf = (listing: Listing): string | null => {
  const found = listing.columns.filter((column) => column.search);
  if (found.length === 0) return null;
  const text = found.map(({ at }) => `coalesce(left(${at}, 200), '')`).join(` || ' ' || `);
  return `to_tsvector('simple', translate(${text}, '${separators}', repeat(' ', ${separators.length})))`;
};

/** What ends a word, in the index and in the search box alike. */
export const separators = '@._-+/\\:;,()[]{}<>#&|!?*"=%$~`^';
