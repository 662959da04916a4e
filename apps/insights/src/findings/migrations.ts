import type { Migration } from '@gatehouse/database';

const fence = (table: string) => `
  alter table ${table} enable row level security;
  create policy ${table}_of_tenant on ${table}
    using (tenant_id = (select nullif(current_setting('gatehouse.tenant', true), '')::uuid));`;

export const migrations: readonly Migration[] = [
  {
    name: '0400-findings',
    sql: `
create table findings (
  tenant_id uuid not null references tenants (tenant_id) on delete cascade,
  finding_id uuid not null,
  rule_id text not null,
  connection_id uuid not null,
  subject_kind text not null,
  subject_stream text not null,
  subject_id text not null,
  subject_label text not null,
  -- 0 low, 1 medium, 2 high, 3 critical.
  severity smallint not null constraint finding_severity_is_known check (severity between 0 and 3),
  sensitivity text not null,
  status text not null constraint finding_status_is_known check (status in ('new', 'in_progress', 'resolved', 'accepted')),
  -- [{ fact, value, kind, connection, stream, id }], in the order the rule gives them.
  evidence jsonb not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  resolved_at timestamptz,
  owner text,
  accepted_reason text,
  accepted_until timestamptz,
  primary key (tenant_id, finding_id),
  constraint one_finding_per_subject unique (tenant_id, rule_id, connection_id, subject_kind, subject_stream, subject_id),
  constraint resolved_has_a_time check ((status = 'resolved') = (resolved_at is not null)),
  constraint accepted_has_owner_reason_and_end check (
    status <> 'accepted' or (owner is not null and accepted_reason is not null and accepted_until is not null))
);
${fence('findings')}
create index findings_by_status on findings (tenant_id, status, severity desc, finding_id);
create index findings_by_subject on findings (tenant_id, connection_id, subject_stream, subject_id);
create index findings_by_end on findings (tenant_id, accepted_until) where status = 'accepted';

create table finding_notes (
  tenant_id uuid not null references tenants (tenant_id) on delete cascade,
  note_id bigint not null generated always as identity,
  finding_id uuid not null,
  noted_at timestamptz not null,
  noted_by text not null,
  text text not null,
  primary key (tenant_id, note_id),
  foreign key (tenant_id, finding_id) references findings (tenant_id, finding_id) on delete cascade
);
${fence('finding_notes')}
create index finding_notes_by_finding on finding_notes (tenant_id, finding_id, note_id);

-- What a rule last saw on a connection; the zero id stands for "no such connection".
create table rule_states (
  tenant_id uuid not null references tenants (tenant_id) on delete cascade,
  rule_id text not null,
  connection_id uuid not null,
  state text not null constraint rule_state_is_known check (state in ('found', 'clear', 'blind')),
  reason text,
  evaluated_at timestamptz not null,
  primary key (tenant_id, rule_id, connection_id),
  constraint blind_says_why check ((state = 'blind') = (reason is not null))
);
${fence('rule_states')}`,
  },
];
