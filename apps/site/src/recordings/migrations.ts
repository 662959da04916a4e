import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0310-recordings',
    sql: `
      create table recordings (
        session_id uuid primary key,
        format text not null constraint recordings_format check (format in ('asciicast', 'desktop')),
        -- The data key of this recording, sealed with the key of the site.
        sealed_key text not null,
        state text not null default 'running'
          constraint recordings_state check (state in ('running', 'kept', 'broken')),
        -- Of the recording as it is read.
        bytes bigint not null default 0,
        -- How many there have to be, so that a missing last one is found.
        chunks int not null default 0,
        started_at timestamptz not null,
        ended_at timestamptz
      );
      -- Each is compressed and encrypted; the site reads them in order.
      create table recording_chunks (
        session_id uuid not null references recordings on delete cascade,
        seq int not null,
        content bytea not null,
        primary key (session_id, seq)
      );
      alter table recording_chunks alter column content set storage external;`,
  },
];
