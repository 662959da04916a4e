import type { Database, Sql } from '@gatehouse/database';
import { type App, problems } from '@gatehouse/server';
import { sql } from 'kysely';
import { z } from 'zod';
import { IdentityChange } from '../api/identities.ts';
import { ListQuery, list } from '../api/words.ts';
import { type Part, readPart } from '../inventory/index.ts';
import { type AccountRow, toLink } from './address.ts';
import { ruleTitle } from './rules/index.ts';

export const serveIdentityHistory = (app: App, { database }: { readonly database: Database }): void => {
  app.get(
    '/api/tenants/:tenantId/identities/:identityId/history',
    {
      config: { access: { tenant: 'reader' } },
      schema: {
        ...{ summary: 'What happened to an identity, newest first', tags: ['identities'], querystring: ListQuery },
        params: z.object({ tenantId: z.uuid(), identityId: z.uuid() }),
        response: { 200: list(IdentityChange) },
      },
    },
    ({ grant: { tenantId }, params: { identityId }, query }) =>
      database.tenant(tenantId, async (tx) => {
        const known = await sql`select from identities where identity_id = ${identityId}`.execute(tx);
        if (known.rows.length === 0) throw problems.notFound();
        return await readPart(`history ${tenantId} ${identityId}`, query, (part) => readHistory(tx, identityId, part));
      }),
  );
};

interface Row {
  readonly at: Date;
  readonly what: 'account' | 'joined' | 'decided' | 'undone';
  readonly account: AccountRow | null;
  readonly connectionName: string | null;
  readonly change: string | null;
  readonly fields: unknown;
  readonly rule: string | null;
  readonly other: AccountRow | null;
  readonly otherConnectionName: string | null;
  readonly kind: string | null;
  readonly by: string | null;
  readonly reason: string | null;
  readonly accounts: readonly AccountRow[] | null;
  readonly total: number;
}

/** An identity keeps no history of its own: it is told from those of its accounts, their links and the decisions. */
const readHistory = async (tx: Sql, identityId: string, { offset, limit }: Part) => {
  const { rows } = await sql<Row>`
    with own as (
      select a.connection_id, a.stream, a.id, a.first_seen_at, c.name as "connectionName",
        jsonb_build_object('connection', a.connection_id, 'stream', a.stream, 'id', a.id,
          'label', coalesce(a.display_name, a.login, a.id)) as account
      from accounts a join connections c on c.connection_id = a.connection_id
      where a.identity_id = ${identityId} and c.deleted_at is null
    ), decided as (
      select d.*, (
        select jsonb_agg(jsonb_build_object('connection', n.connection_id, 'stream', n.stream, 'id', n.id, 'label', n.label)
          order by n.label, n.id) from decision_accounts n where n.decision_id = d.decision_id and n.part = 0) as accounts
      from decisions d where d.decision_id in (
        select n.decision_id from decision_accounts n
          join own on own.connection_id = n.connection_id and own.stream = n.stream and own.id = n.id)
    ), story as (
      select h.at, 1 as rank, h.change_id as place, 'account' as what, own.account, own."connectionName", h.change, h.fields,
        null as rule, null::jsonb as other,
        null as "otherConnectionName", null as kind, null as by, null as reason, null::jsonb as accounts
      from own join changes h on h.kind = 'accounts' and h.connection_id = own.connection_id and h.stream = own.stream
        and h.id = own.id
      union all
      select own.first_seen_at, 0, 0, 'account', own.account, own."connectionName", 'first_seen', '{}', null, null, null, null, null,
        null, null
      from own where not exists (
        select from changes h where h.kind = 'accounts' and h.connection_id = own.connection_id and h.stream = own.stream
          and h.id = own.id and h.change = 'added')
      union all
      select l.linked_at, 2, 0, 'joined', own.account, own."connectionName", null, null, l.rule,
        jsonb_build_object('connection', l.other_connection_id, 'stream', l.other_stream, 'id', l.other_id,
          'label', coalesce(o.display_name, o.login, l.other_id)), oc.name, null, null, null, null
      from own join identity_links l on l.connection_id = own.connection_id and l.stream = own.stream and l.id = own.id
        left join accounts o on o.connection_id = l.other_connection_id and o.stream = l.other_stream and o.id = l.other_id
        left join connections oc on oc.connection_id = l.other_connection_id
      union all
      select decided_at, 3, 0, 'decided', null, null, null, null, null, null, null, kind, decided_by, reason, accounts from decided
      union all
      select undone_at, 4, 0, 'undone', null, null, null, null, null, null, null, kind, undone_by, reason, accounts from decided
      where undone_at is not null
    )
    select *, (count(*) over ())::int as total from story
    order by at desc, rank desc, place desc, account, accounts offset ${offset} limit ${limit}`.execute(tx);
  return { items: rows.map(toChange), total: { value: rows[0]?.total ?? 0, exact: true } };
};

const toChange = (row: Row): z.output<typeof IdentityChange> =>
  IdentityChange.parse({
    what: row.what === 'decided' || row.what === 'undone' ? 'decision' : row.what,
    at: row.at.toISOString(),
    ...(row.account && { account: toLink(row.account), connectionName: row.connectionName }),
    ...(row.what === 'account' && { change: row.change, fields: row.fields }),
    ...(row.other && {
      ...{ ruleTitle: ruleTitle(row.rule ?? ''), other: toLink(row.other) },
      otherConnectionName: row.otherConnectionName,
    }),
    ...(row.accounts && { accounts: row.accounts.map(toLink) }),
    ...(row.kind !== null && {
      kind: row.kind,
      isUndoing: row.what === 'undone',
      by: row.by ?? '',
      reason: row.reason,
    }),
  });
