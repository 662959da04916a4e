import type { RecordKind } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { RecordDetail } from '../api/inventory.ts';
import { pages } from '../api/pages.ts';
import { findLinks, linkOr, type Reference, refersTo, type Scope, thingsNamed } from './links.ts';

type Related = z.input<typeof RecordDetail>['related'];

/** A titled list on a record's page: rows that name neighbours by kind and id, with a remark. */
interface Neighbours {
  readonly title: string;
  /** Names the list in addresses: its title in small letters. */
  readonly name: string;
  /** Where the whole list is; left out: on the page of the record. */
  readonly wholeAt?: string;
  /** A select with the columns `kind` (of a principal or member, or a record kind), `id`, `note` and `rank`. */
  readonly rows: RawBuilder<unknown>;
}

/** What stands beside a record: at most 100 of each list, and how many there are. */
export const findRelated = async (
  tx: Sql,
  scope: Scope,
  kind: RecordKind,
  record: Readonly<Record<string, unknown>>,
): Promise<Related> => {
  const related: Related = [];
  for (const { title, name, rows, wholeAt } of neighboursOf(scope, kind, record)) {
    const found = await sql<{ kind: string; id: string; note: string | null; total: number }>`
      select kind, id, note, (count(*) over ())::int as total from (${rows}) neighbours
      where id is not null order by rank desc nulls last, id limit 100`.execute(tx);
    if (found.rows.length === 0) continue;
    const references = found.rows.map((row): Reference => ({ kind: toKind(row.kind), id: row.id }));
    const links = await findLinks(tx, scope, references);
    related.push({
      title,
      href: wholeAt ?? pages.relatedList(scope.tenantId, addressOf(scope, kind, record), name),
      total: found.rows[0]?.total ?? 0,
      items: found.rows.map((row) => ({
        ...linkOr(links, { kind: toKind(row.kind), id: row.id }, scope),
        note: row.note === '' ? null : row.note,
      })),
    });
  }
  return related;
};

const addressOf = ({ connectionId }: Scope, kind: RecordKind, record: Readonly<Record<string, unknown>>) => ({
  ...{ kind, connection: connectionId, stream: String(record._stream), id: String(record.id) },
});

export const neighboursOf = (
  scope: Scope,
  kind: RecordKind,
  record: Readonly<Record<string, unknown>>,
): readonly Neighbours[] =>
  titledLists(scope, kind, record).map((list) => ({
    ...list,
    name: list.title.toLowerCase().replaceAll(' ', '-'),
  }));

const titledLists = (
  scope: Scope,
  kind: RecordKind,
  record: Readonly<Record<string, unknown>>,
): readonly Omit<Neighbours, 'name'>[] => {
  const id = String(record.id);
  const from = (table: RecordKind, columns: RawBuilder<unknown>, where: RawBuilder<unknown>) => sql`
    select ${columns} from ${sql.table(`listed_${table}`)} r
    where r.tenant_id = ${scope.tenantId} and r.connection_id = ${scope.connectionId} and r.gone_at is null and ${where}`;
  const memberships = (side: 'of member' | 'of group', memberKind: 'account' | 'group' | 'resource') =>
    side === 'of member'
      ? from(
          'memberships',
          sql`'groups' as kind, r.group_id as id, concat_ws(', ', r.role, r.via) as note, 0 as rank`,
          sql`${refersTo('memberships', 'r', 'member_id', id)} and r.member_kind = ${memberKind}`,
        )
      : from(
          'memberships',
          sql`r.member_kind as kind, r.member_id as id, concat_ws(', ', r.role, r.via) as note, 0 as rank`,
          sql`${refersTo('memberships', 'r', 'group_id', id)} and r.member_kind = ${memberKind}`,
        );
  const credentials = (ownerKind: string) =>
    from(
      'credentials',
      sql`'credentials' as kind, r.id, concat_ws(', ', r.type, r.status) as note, extract(epoch from r.created_at) as rank`,
      sql`${refersTo('credentials', 'r', 'owner_id', id)} and r.owner_kind = ${ownerKind}`,
    );
  const holders = (column: 'role_id' | 'resource_id') =>
    from(
      'grants',
      sql`r.principal_kind as kind, r.principal_id as id, concat_ws(', ', regexp_replace(r.role_id, '^acl:', ''), r.via, nullif(r.state, 'active')) as note, 0 as rank`,
      refersTo('grants', 'r', column, id),
    );
  /** What a grant is on, whichever kind was read under its id. */
  const thing = (of: unknown) =>
    of === null || of === undefined
      ? one('resources', null)
      : sql`select n.kind, ${String(of)}::text as id, null::text as note, 0 as rank from (
          ${sql.join(
            thingsNamed(String(of)).map(
              (named) => sql`select ${named.kind}::text as kind where exists (
                select from ${sql.table(`listed_${named.kind}`)} r where r.tenant_id = ${scope.tenantId}
                  and r.connection_id = ${scope.connectionId} and r.stream = any(${[...scope.streams]}::text[]) and r.id = ${named.id})`,
            ),
            sql` union all `,
          )} union all select 'resources' limit 1) n`;
  const one = (ofKind: string, of: unknown, note: unknown = null) =>
    sql`select ${ofKind}::text as kind, ${of ?? null}::text as id, ${note ?? null}::text as note, 0 as rank`;

  switch (kind) {
    case 'accounts':
      return [
        { title: 'Groups', rows: memberships('of member', 'account') },
        {
          title: 'Second factors',
          rows: from(
            'factors',
            sql`'factors' as kind, r.id, concat_ws(', ', r.provider, r.strength, r.status) as note, 0 as rank`,
            refersTo('factors', 'r', 'account_id', id),
          ),
        },
        { title: 'Secrets', rows: credentials('account') },
        { title: 'Who may do what to it', rows: holders('resource_id') },
        {
          title: 'Newest events',
          wholeAt: pages.inventory(scope.tenantId, 'events', [
            `_connection:eq:${scope.connectionId}`,
            `actorId:eq:${id}`,
          ]),
          rows: sql`select * from (${from(
            'events',
            sql`'events' as kind, r.id, concat_ws(', ', to_char(r.time at time zone 'UTC', 'YYYY-MM-DD HH24:MI'), r.outcome) as note, extract(epoch from r.time) as rank`,
            refersTo('events', 'r', 'actor_id', id),
          )} order by r.time desc nulls last limit 100) newest`,
        },
      ];
    case 'groups':
      return [
        { title: 'Members', rows: memberships('of group', 'account') },
        { title: 'Groups inside', rows: memberships('of group', 'group') },
        { title: 'Systems inside', rows: memberships('of group', 'resource') },
        { title: 'Inside of', rows: memberships('of member', 'group') },
        { title: 'Who may do what to it', rows: holders('resource_id') },
        { title: 'Part of', rows: one('groups', record.parentId) },
      ];
    case 'memberships':
      return [
        { title: 'Group', rows: one('groups', record.groupId) },
        { title: 'Member', rows: one(String(record.memberKind), record.memberId) },
      ];
    case 'roles':
      return [
        { title: 'Holders', rows: holders('role_id') },
        { title: 'On', rows: one('resources', record.resourceId) },
      ];
    case 'grants':
      return [
        { title: 'Principal', rows: one(String(record.principalKind), record.principalId) },
        { title: 'Role', rows: one('roles', record.roleId, record.privilege) },
        { title: 'On', rows: thing(record.resourceId) },
      ];
    case 'resources':
      return [
        { title: 'Who has access', rows: holders('resource_id') },
        { title: 'Secrets', rows: sql`${credentials('application')} union all ${credentials('repository')}` },
        { title: 'Part of', rows: one('resources', record.parentId) },
        {
          title: 'Parts',
          rows: from('resources', sql`'resources' as kind, r.id, r.type as note, 0 as rank`, sql`r.parent_id = ${id}`),
        },
      ];
    case 'credentials':
      return [
        { title: 'Owner', rows: one(String(record.ownerKind), record.ownerId) },
        { title: 'On', rows: one('resources', record.resourceId) },
      ];
    case 'factors':
      return [{ title: 'Account', rows: one('accounts', record.accountId) }];
    case 'policies': {
      const targets = Array.isArray(record.targets) ? record.targets.map(String).slice(0, 100) : [];
      const named = (table: 'resources' | 'groups') =>
        from(
          table,
          sql`${table}::text as kind, r.id, r.type as note, 0 as rank`,
          sql`r.stream = any(${[...scope.streams]}::text[]) and r.id = any(${targets}::text[])`,
        );
      return [{ title: 'Applies to', rows: sql`${named('resources')} union all ${named('groups')}` }];
    }
    case 'events': {
      // `user:S-1-5-…`, `group:00g…`: what was read under that id is linked, whatever the word before it.
      const targets = (Array.isArray(record.targets) ? record.targets.map(String) : [])
        .map((target) => target.slice(target.indexOf(':') + 1))
        .slice(0, 100);
      const named = (table: 'accounts' | 'groups' | 'resources') =>
        from(
          table,
          sql`${table}::text as kind, r.id, null::text as note, 0 as rank`,
          sql`r.stream = any(${[...scope.streams]}::text[]) and r.id = any(${targets}::text[])`,
        );
      return [
        { title: 'Actor', rows: one('accounts', record.actorId) },
        {
          title: 'Targets',
          rows: sql`${named('accounts')} union all ${named('groups')} union all ${named('resources')}`,
        },
      ];
    }
  }
};

/** The words that records use for each other's kinds, as kinds. */
export const toKind = (word: string): RecordKind => kinds[word] ?? 'accounts';

/** The other way round: every word that means a kind. */
export const wordsOfKind = (kind: RecordKind): readonly string[] =>
  Object.keys(kinds).filter((word) => kinds[word] === kind);

const kinds: Readonly<Record<string, RecordKind>> = {
  ...{ account: 'accounts', group: 'groups', application: 'resources', repository: 'resources' },
  ...{
    organization: 'resources',
    resource: 'resources',
    credential: 'credentials',
    accounts: 'accounts',
    groups: 'groups',
    roles: 'roles',
  },
  ...{ resources: 'resources', credentials: 'credentials', factors: 'factors', policies: 'policies', events: 'events' },
};
