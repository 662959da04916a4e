import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0380-jobs',
    sql: `
      create table jobs (
        job_id integer primary key generated always as identity,
        kind text not null constraint jobs_kind check (kind in ('password_change', 'ssh_key_change', 'verify')),
        -- Templates are never run: others are made from them.
        is_template boolean not null,
        -- The type of credential that a template is for.
        credential_type text,
        template_job_id integer references jobs (job_id) on delete set null,
        comment text not null,
        -- A JobSettings of jobs/model.
        settings jsonb not null,
        -- A Schedule of jobs/model: now, at, every.
        schedule jsonb not null,
        state text not null
          constraint jobs_state check (state in ('waiting', 'running', 'succeeded', 'failed', 'partial', 'cancelled')),
        -- Null: nothing is due any more.
        next_run_at timestamptz,
        -- An Author of the audit: who made it, for what it does.
        author jsonb not null,
        created_at timestamptz not null,
        -- Rises with each change of it or of its targets, for those who watch.
        version bigint not null default 0,
        constraint jobs_template check (is_template = (credential_type is not null))
      );
      create index jobs_due on jobs (next_run_at) where next_run_at is not null and not is_template;

      -- One credential of a job, and how it stands.
      create table job_targets (
        job_id integer not null references jobs (job_id) on delete cascade,
        credential_id uuid not null references credentials (credential_id) on delete cascade,
        state text not null constraint job_targets_state
          check (state in ('idle', 'waiting', 'running', 'succeeded', 'failed', 'cancelled')),
        attempt integer not null default 0,
        message text not null default '',
        -- Of a waiting one: not before.
        next_attempt_at timestamptz,
        -- Of a running one: which worker, and when it last said that it lives.
        worker uuid,
        alive_at timestamptz,
        finished_at timestamptz,
        primary key (job_id, credential_id)
      );
      create index job_targets_due on job_targets (next_attempt_at) where state = 'waiting';
      create index job_targets_running on job_targets (alive_at) where state = 'running';
      create index job_targets_of_credential on job_targets (credential_id);

      -- A change that is under way, written down before it is made. At most one for a credential.
      create table changes (
        credential_id uuid primary key references credentials (credential_id) on delete cascade,
        job_id integer references jobs (job_id) on delete set null,
        -- What the system is, or may be, given.
        next_secret_id uuid not null references secrets (secret_id),
        -- Current before it, while its end is under way.
        previous_secret_id uuid references secrets (secret_id),
        -- written: not sent yet. sent: the system may have it. made: the system said that it has it. ending: it is current
        -- and verified, and what it replaced is still good on the system.
        state text not null constraint changes_state check (state in ('written', 'sent', 'made', 'ending')),
        author jsonb not null,
        -- The worker that is at it; one that has not said for a while that it lives has lost it.
        worker uuid not null,
        alive_at timestamptz not null,
        -- Attempts to find out how it ended, and when the next one is.
        attempt integer not null default 0,
        next_attempt_at timestamptz,
        begun_at timestamptz not null
      );
      create index changes_by_life on changes (alive_at);

      create table job_messages (
        message_id bigint primary key generated always as identity,
        job_id integer not null references jobs (job_id) on delete cascade,
        credential_id uuid,
        at timestamptz not null,
        level text not null constraint job_messages_level check (level in ('info', 'warning', 'error')),
        text text not null
      );
      create index job_messages_of_job on job_messages (job_id, message_id);
    `,
  },
];
