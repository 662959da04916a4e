import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0313-favourites',
    sql: `
      create table favourites (
        user_id int not null references users on delete cascade,
        item_type text not null,
        item_id int not null,
        primary key (user_id, item_type, item_id)
      );`,
  },
];
