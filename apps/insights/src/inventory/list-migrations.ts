import { recordKinds } from '@gatehouse/connector-kit';
import type { Migration } from '@gatehouse/database';

/**
 * What lists read. Row-level security lets PostgreSQL use an index only for operators that it knows to keep secrets,
 * which words, patterns and computed sort keys are not: a list would read the whole table. A view of the owner
 * has the same fence, the tenant of the transaction, as an ordinary condition, and every index serves.
 */
export const listMigrations: readonly Migration[] = [
  {
    name: '0250-lists',
    sql: recordKinds
      .map(
        (kind) => `
      create view listed_${kind} as select * from ${kind}
        where tenant_id = (select nullif(current_setting('gatehouse.tenant', true), '')::uuid);
      grant select on listed_${kind} to gatehouse_tenant;`,
      )
      .join('\n'),
  },
];
