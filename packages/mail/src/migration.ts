import type { Migration } from '@gatehouse/database';

/** The tables of mail, under the number that the program gives them. */
export const mailMigration = (name: string): Migration => ({
  name,
  sql: `
    create table mail_server (
      only_row boolean primary key default true constraint mail_server_is_one_row check (only_row),
      -- JSON, as entered.
      sealed_settings text not null,
      changed_at timestamptz not null,
      -- What keeps all mail from leaving, how often that was so, and when it is tried again.
      problem text not null default '',
      failures int not null default 0,
      next_try_at timestamptz
    );

    create table mails (
      mail_id uuid primary key,
      place bigint generated always as identity,
      kind text not null,
      -- Said twice, it is one mail.
      key text constraint mails_key_is_sent_once unique,
      -- What it is about, as people name it.
      about text not null,
      recipients text[] not null constraint mails_recipients check (cardinality(recipients) > 0),
      subject text not null,
      -- What it says, sealed where that opens something; neither once it is over.
      body jsonb,
      sealed text,
      state text not null default 'waiting' constraint mails_state check (state in ('waiting', 'sent', 'failed')),
      tries int not null default 0,
      first_tried_at timestamptz,
      made_at timestamptz not null,
      next_try_at timestamptz not null,
      -- Of no use afterwards.
      until timestamptz,
      over_at timestamptz,
      problem text not null default '',
      -- Which copy of the program sends it now. One that is gone loses it.
      holder text,
      held_until timestamptz,
      constraint mails_hold check ((holder is null) = (held_until is null)),
      constraint mails_end check ((state = 'waiting') = (over_at is null)),
      constraint mails_say_something_once check (num_nonnulls(body, sealed) = case when state = 'sent' then 0 else 1 end)
    );
    create index mails_due on mails (next_try_at) where state = 'waiting';
    create index mails_newest on mails (place desc);
    create index mails_over on mails (over_at) where over_at is not null;`,
});
