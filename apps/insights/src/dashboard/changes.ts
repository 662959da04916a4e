import type { RecordKind } from '@gatehouse/connector-kit';
import { recordKinds } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Dashboard } from '../api/findings.ts';
import { pages } from '../api/pages.ts';

interface Row {
  readonly at: Date;
  readonly kind: string;
  readonly change: string;
  readonly connection: string;
  readonly stream: string;
  readonly id: string;
  readonly fields: readonly string[] | null;
  readonly label: string | null;
}

const shown = 15;

/** What a record is called, by its kind. */
const labels: Readonly<Partial<Record<RecordKind, string>>> = {
  accounts: 'coalesce(display_name, login, id)',
  groups: 'coalesce(name, id)',
  roles: 'coalesce(name, id)',
  resources: 'coalesce(name, id)',
  credentials: 'coalesce(name, id)',
  policies: 'coalesce(name, id)',
};

const label = recordKinds
  .map(
    (kind) => `when '${kind}' then (select left(${labels[kind] ?? 'id'}, 200) from ${kind} r
      where r.connection_id = n.connection_id and r.stream = n.stream and r.id = n.id)`,
  )
  .join(' ');

/** The newest changes of the inventory, newest first. */
export const readChanges = async (tx: Sql, tenantId: TenantId): Promise<z.input<typeof Dashboard>['changes']> => {
  const { rows } = await sql<Row>`
    select n.at, n.kind, n.change, n.connection_id::text as connection, n.stream, n.id,
      (select array_agg(name order by name) from jsonb_object_keys(n.fields) as name) as fields,
      case n.kind ${sql.raw(label)} end as label
    from (
      select * from changes where tenant_id = ${tenantId} order by at desc limit ${shown}
    ) n order by n.at desc, n.change_id desc`.execute(tx);
  return rows.map(({ at, kind, change, connection, stream, id, fields, label: name }) => ({
    at: at.toISOString(),
    kind,
    text: `${name ?? id} ${verbs[change] ?? change}${fields && change === 'changed' ? `: ${fields.slice(0, 5).map(toWords).join(', ')}` : ''}`,
    href: pages.record(tenantId, { kind, connection, stream, id }),
  }));
};

const verbs: Readonly<Record<string, string>> = {
  added: 'was added',
  changed: 'changed',
  gone: 'is gone',
  returned: 'is back',
};

/** `lastLoginAt` → `last login at`. */
const toWords = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
