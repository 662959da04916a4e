import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0310-vault-audit',
    sql: `
      -- Append only, each entry with a keyed hash over itself and the hash before it.
      create table vault_audit (
        seq bigint primary key,
        at timestamptz not null,
        event text not null,
        event_id integer not null,
        succeeded boolean not null,
        -- Who acted: the identity or the person of a page, and who acted in its name.
        actor text not null,
        impersonator text,
        address text,
        through text not null,
        -- What it was done to, as a person would name it.
        target text not null,
        message text not null,
        arguments jsonb not null,
        correlation_id text not null,
        hash bytea not null
      );
      create index vault_audit_of_correlation on vault_audit (correlation_id, seq);
      create function vault_audit_is_final() returns trigger language plpgsql as $$
      begin raise exception 'the audit of the vault only grows'; end $$;
      create trigger vault_audit_final before update or delete on vault_audit
        for each row execute function vault_audit_is_final();
      create trigger vault_audit_whole before truncate on vault_audit
        for each statement execute function vault_audit_is_final();
    `,
  },
];
