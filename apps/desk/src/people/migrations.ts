import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0100-desk-people',
    sql: `
      create table desk_people (
        person_id uuid primary key,
        -- Null: a customer who only asks for help, or somebody who cannot sign in any more.
        sign_in_id text references people (id) on delete set null
          constraint desk_people__sign_in_is_unique unique,
        -- What other systems know the person by.
        login text not null constraint desk_people__login_is_there check (login <> ''),
        name text not null,
        email text constraint desk_people__email_is_lower check (email = lower(email)),
        role text not null constraint desk_people__role_is_known check (role in ('customer', 'technician', 'manager')),
        created_at timestamptz not null default now()
      );
      create unique index desk_people__login_is_unique on desk_people (lower(login));
      create index desk_people__email on desk_people (email);

      -- Whoever may sign in works here, however they came. A customer who is invited stays that person and a customer:
      -- what they may do is for a manager to say. Where several share an address, nobody knows which of them it is.
      create function people_come_to_the_desk() returns trigger language plpgsql as $$ begin
        update desk_people set sign_in_id = new.id where person_id = (
          select min(person_id::text)::uuid from desk_people where email = new.email and sign_in_id is null having count(*) = 1);
        if not found then
          insert into desk_people (person_id, sign_in_id, login, name, email, role)
          values (gen_random_uuid(), new.id, case
            when exists (select from desk_people where lower(login) = lower(new.email)) then new.id else new.email end,
            new.name, new.email, 'technician');
        end if;
        return null;
      end $$;
      create trigger people_come_to_the_desk after insert on people for each row execute function people_come_to_the_desk();

      create function people_keep_their_names() returns trigger language plpgsql as $$ begin
        update desk_people set name = new.name, email = new.email where sign_in_id = new.id;
        return null;
      end $$;
      create trigger people_keep_their_names after update of name, email on people
        for each row execute function people_keep_their_names();
      insert into desk_people (person_id, sign_in_id, login, name, email, role)
        select gen_random_uuid(), id, email, name, email, 'technician' from people;`,
  },
];
