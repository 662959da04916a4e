import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0390-lease-jobs',
    sql: `
      -- Which job was made for a credential at the end of a lease, so that asking again is not a second one.
      create table lease_jobs (
        lease_id text not null,
        credential_id uuid not null references credentials (credential_id) on delete cascade,
        -- The template that it was made from; 0: a spin.
        template_job_id integer not null,
        job_id integer not null references jobs (job_id) on delete cascade,
        primary key (lease_id, credential_id, template_job_id)
      );
      create index lease_jobs_of_job on lease_jobs (job_id);
    `,
  },
];
