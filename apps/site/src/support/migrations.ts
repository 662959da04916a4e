import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0321-support-sessions',
    sql: `
      create table support_sessions (
        lsid text primary key constraint support_sessions_lsid check (lsid ~ '^[0-9a-f]{32}$'),
        -- In the order they began.
        lseq bigint generated always as identity,
        correlation_id text not null,
        state text not null constraint support_sessions_state check (state in ('waiting', 'active', 'ended')),
        -- Where it waits, or waited last. Teams and users may be deleted later.
        queue text not null constraint support_sessions_queue check (queue in ('general', 'rep', 'team')),
        queue_id int constraint support_sessions_queue_id check ((queue = 'general') = (queue_id is null)),
        -- The code name of the support issue that was chosen.
        issue text,
        priority int not null,
        external_key text not null default '',
        attributes jsonb not null default '{}',
        began_at timestamptz not null,
        waiting_since timestamptz,
        -- Seconds in queues, without the one it waits in now.
        waited_seconds int not null default 0,
        ended_at timestamptz,
        end_reason text,
        -- The participant whose session it is.
        owner int,
        last_gsnumber int not null default 0,
        last_event int not null default 0,
        constraint support_sessions_wait check ((state = 'waiting') = (waiting_since is not null)),
        constraint support_sessions_are_owned check ((state = 'active') = (owner is not null)),
        constraint support_sessions_end_together check ((state = 'ended') = (ended_at is not null and end_reason is not null))
      );
      create index support_sessions_by_place on support_sessions (lseq desc);
      create index support_sessions_waiting on support_sessions (queue, queue_id, priority, waiting_since) where state = 'waiting';
      create index support_sessions_live on support_sessions (lseq) where state <> 'ended';

      create table support_participants (
        lsid text not null references support_sessions on delete cascade,
        gsnumber int not null,
        -- As programs know the connection.
        client_id text not null constraint support_participants_client_id check (client_id ~ '^[0-9a-f]{32}$')
          constraint support_participants_client_is_unique unique,
        kind text not null constraint support_participants_kind check (kind in ('representative', 'customer')),
        -- Of representatives; they may be deleted later.
        user_id int,
        username text not null default '',
        name text not null,
        company text not null default '',
        issue text not null default '',
        hostname text not null default '',
        operating_system text not null default '',
        address text not null default '',
        joined_at timestamptz not null,
        left_at timestamptz,
        primary key (lsid, gsnumber),
        constraint support_participants_are_users check ((kind = 'representative') = (user_id is not null))
      );
      create index support_participants_present on support_participants (user_id) where left_at is null;

      -- What happened, in order and for ever: reports and outbound events are made of it.
      create table support_events (
        lsid text not null references support_sessions on delete cascade,
        seq int not null,
        at timestamptz not null,
        type text not null constraint support_events_type check (type in ('begun', 'member_added', 'member_departed',
          'owner_changed', 'transferred', 'attributes_set', 'chat_message', 'note_added', 'file_sent', 'file_received',
          'system_information', 'ended')),
        -- A participant; null: the site, or whom the body names.
        performed_by int,
        body jsonb not null,
        primary key (lsid, seq)
      );
      create function support_events_stay() returns trigger language plpgsql as $$ begin
        raise exception 'what happened in a session does not change';
      end $$;
      create trigger support_events_stay before update on support_events for each row execute function support_events_stay();

      -- Consoles that are open. One that does not say so for a while is gone, whichever copy of the site it spoke to.
      create table support_consoles (
        client_id text primary key constraint support_consoles_client_id check (client_id ~ '^[0-9a-f]{32}$'),
        user_id int not null references users on delete cascade,
        address text not null,
        opened_at timestamptz not null,
        seen_at timestamptz not null,
        -- Somebody signed it out: it may not come back.
        closed_at timestamptz
      );
      create index support_consoles_of_user on support_consoles (user_id) where closed_at is null;
      create table support_statuses (
        user_id int primary key references users on delete cascade,
        status text not null constraint support_statuses_status check (status in ('available', 'busy', 'away')),
        since timestamptz not null
      );`,
  },
  {
    name: '0322-session-keys',
    sql: `
      create table session_keys (
        id int generated by default as identity primary key,
        -- Of seven digits, so with a secret that is sealed; null once the key is no longer valid.
        short_hash bytea constraint session_keys_short_key_is_unique unique,
        -- Of 128 random bits.
        link_hash bytea not null constraint session_keys_link_is_unique unique,
        correlation_id text not null,
        queue text not null constraint session_keys_queue check (queue in ('general', 'rep', 'team')),
        queue_id int constraint session_keys_queue_id check ((queue = 'general') = (queue_id is null)),
        issue text,
        priority int not null,
        external_key text not null,
        attributes jsonb not null,
        made_by text not null,
        made_at timestamptz not null,
        expires_at timestamptz not null,
        uses int not null default 0,
        most_uses int not null,
        revoked_at timestamptz,
        constraint session_keys_uses check (uses between 0 and most_uses)
      );
      create index session_keys_by_expiry on session_keys (expires_at);

      -- What short keys are hashed with: whoever has the database alone cannot try ten million of them.
      create table session_key_secret (
        only_row boolean primary key default true constraint session_key_secret_is_one_row check (only_row),
        sealed text not null
      );

      -- Wrong keys in the present window. Unlogged: a crash of the database forgets them, and nothing else.
      create unlogged table session_key_guesses (
        -- A hash of the address; of nothing for all of them together.
        source bytea primary key,
        guesses int not null,
        window_ends_at timestamptz not null
      );`,
  },
  {
    name: '0325-live-support',
    sql: `
      alter table support_events drop constraint support_events_type, add constraint support_events_type
        check (type in ('begun', 'member_added', 'member_departed', 'owner_changed', 'transferred', 'attributes_set',
          'chat_message', 'note_added', 'file_sent', 'file_received', 'file_refused', 'screen_started', 'screen_stopped',
          'system_information', 'ended', 'survey_completed'));

      -- What a page says has an id of its own, so that it can say it again where it heard no answer.
      create unique index support_events_are_said_once on support_events (lsid, (body->>'id')) where type = 'chat_message';

      alter table support_participants
        -- Of the token that the page of a customer has; null: nobody can be this participant.
        add column token_hash bytea constraint support_participants_token_is_unique unique,
        -- When the page of a customer was last heard of; null: it never was, and nobody is missed.
        add column seen_at timestamptz;
      create index support_participants_pages on support_participants (seen_at) where seen_at is not null and left_at is null;

      -- Files on their way from one participant to the others, and recordings of shared screens.
      create table support_blobs (
        blob_id uuid primary key,
        lsid text not null references support_sessions on delete cascade,
        -- Whose file or screen it is.
        gsnumber int not null,
        kind text not null constraint support_blobs_kind check (kind in ('file', 'screen')),
        name text not null,
        media_type text not null,
        -- Its data key, sealed with the key of the site.
        sealed_key text not null,
        state text not null default 'arriving' constraint support_blobs_state check (state in ('arriving', 'kept', 'broken')),
        -- As it is read.
        bytes bigint not null default 0,
        chunks int not null default 0,
        sha256 text,
        began_at timestamptz not null,
        ended_at timestamptz
      );
      create index support_blobs_of_session on support_blobs (lsid, began_at);
      -- Each is compressed and encrypted.
      create table support_blob_chunks (
        blob_id uuid not null references support_blobs on delete cascade,
        seq int not null,
        content bytea not null,
        primary key (blob_id, seq)
      );
      alter table support_blob_chunks alter column content set storage external;

      -- What pages say to one another and nobody keeps: offers of connections, parts of a screen. A crash forgets them.
      create unlogged table support_signals (
        signal_id bigint generated always as identity primary key,
        lsid text not null,
        from_gsnumber int not null,
        to_gsnumber int not null,
        at timestamptz not null,
        body bytea not null
      );
      create index support_signals_by_age on support_signals (at);

      -- Who may join without being the one who takes it.
      create table support_invitations (
        lsid text not null references support_sessions on delete cascade,
        user_id int not null references users on delete cascade,
        invited_by text not null,
        at timestamptz not null,
        primary key (lsid, user_id)
      );
      create index support_invitations_of_user on support_invitations (user_id);

      -- Sentences that representatives do not write anew each time.
      create table canned_messages (
        id int generated by default as identity primary key,
        title text not null,
        message text not null,
        -- Null: everybody's.
        team_id int constraint canned_messages__team_id_exists references teams
      );
      create unique index canned_messages__title_is_unique on canned_messages (lower(title));
      create index canned_messages_of_team on canned_messages (team_id);`,
  },
  {
    name: '0341-machines-in-support',
    sql: `
      alter table support_events drop constraint support_events_type, add constraint support_events_type
        check (type in ('begun', 'member_added', 'member_departed', 'owner_changed', 'transferred', 'attributes_set',
          'chat_message', 'note_added', 'file_sent', 'file_received', 'file_refused', 'screen_started', 'screen_stopped',
          'system_information', 'shell_opened', 'shell_closed', 'machine_file_put', 'machine_file_fetched', 'ended',
          'survey_completed'));

      -- The machine that is the customer's side; null: a person is.
      alter table support_sessions add column jump_client_id int references jump_clients on delete set null;
      create index support_sessions_of_jump_client on support_sessions (jump_client_id)
        where jump_client_id is not null and state <> 'ended';

      -- Shells of that machine. What was seen in one is the recording with the same id.
      create table support_shells (
        shell_id uuid primary key,
        lsid text not null references support_sessions on delete cascade,
        gsnumber int not null,
        opened_at timestamptz not null
      );
      create index support_shells_of_session on support_shells (lsid, opened_at);`,
  },
  {
    name: '0363-surveys',
    sql: `
      -- What is asked at the end, in this order.
      create table support_surveys (
        kind text primary key constraint support_surveys_kind check (kind in ('customer', 'representative')),
        enabled boolean not null,
        questions jsonb not null constraint support_surveys_questions check (jsonb_typeof(questions) = 'array')
      );
      insert into support_surveys (kind, enabled, questions) select kind, true, '[
        {"name": "rating", "label": "How did it go?", "type": "rating", "options": [], "required": false},
        {"name": "comments", "label": "Anything you want to tell us?", "type": "text", "options": [], "required": false}]'
      from unnest(array['customer', 'representative']) kind;`,
  },
  {
    name: '0381-lent-machines',
    sql: `
      alter table support_events drop constraint support_events_type, add constraint support_events_type
        check (type in ('begun', 'member_added', 'member_departed', 'owner_changed', 'transferred', 'attributes_set',
          'chat_message', 'note_added', 'file_sent', 'file_received', 'file_refused', 'screen_started', 'screen_stopped',
          'system_information', 'shell_opened', 'shell_closed', 'machine_file_put', 'machine_file_fetched',
          'machine_asked', 'machine_refused', 'machine_lent', 'machine_returned', 'ended', 'survey_completed'));

      -- The machine that a customer is asked for, or lends to their session.
      create table support_machines (
        lsid text primary key references support_sessions on delete cascade,
        -- Which question is answered.
        ask_id uuid not null,
        jump_client_id int not null references jump_clients on delete cascade,
        asked_by int not null,
        -- Null: it is only asked for.
        lent_at timestamptz
      );
      create index support_machines_of_jump_client on support_machines (jump_client_id);`,
  },
  {
    name: '0382-terms-of-machines',
    sql: `
      -- On what terms a machine is used, as they were when it began: whether what is seen of it is recorded, and until when.
      alter table support_sessions
        add column machine_recorded boolean not null default true,
        add column machine_limit_at timestamptz;
      create index support_sessions_of_time on support_sessions (machine_limit_at)
        where machine_limit_at is not null and state <> 'ended';
      alter table support_machines
        add column recorded boolean not null default true,
        -- How long it is lent; null: as long as the session.
        add column limit_ms bigint,
        add column limit_at timestamptz;
      update support_sessions s set machine_recorded = false from jump_clients c join jump_policies p on p.id = c.jump_policy_id
        where c.id = s.jump_client_id and s.state <> 'ended' and p.recordings_disabled;
      update support_machines m set recorded = false from jump_clients c join jump_policies p on p.id = c.jump_policy_id
        where c.id = m.jump_client_id and p.recordings_disabled;`,
  },
];
