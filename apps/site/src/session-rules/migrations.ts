import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0308-session-rules',
    sql: `
      alter table session_policies add column rules jsonb not null default '{
        "reasonRequired": false, "idleMinutes": 30, "limitMinutes": 720, "upload": true, "download": true,
        "fileMegabytes": 1024, "clipboard": true, "recordInput": false}';`,
  },
];
