import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import { listenTo } from './listen.ts';
import { testDatabase } from './testing/index.ts';

test('what is notified is heard, also after the connection was lost, and not after the end', async () => {
  const { database, url, close } = await testDatabase({ migrations: [] });
  let heard = 0;
  const channel = listenTo(url, 'news', () => {
    heard += 1;
  });
  const tell = () => sql`select pg_notify('news', '')`.execute(database.owner);
  try {
    // Once because it listens now, then once for each message.
    await vi.waitFor(() => expect(heard).toBe(1), 20_000);
    await tell();
    await vi.waitFor(() => expect(heard).toBe(2), 20_000);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where query like 'listen %' and datname = current_database()`.execute(database.owner);
    await vi.waitFor(() => expect(heard).toBe(3), 20_000);
    await tell();
    await vi.waitFor(() => expect(heard).toBe(4), 20_000);
    await channel.close();
    await tell();
    const { rows } = await sql`select 1 from pg_stat_activity
      where query like 'listen %' and datname = current_database()`.execute(database.owner);
    expect([heard, rows]).toEqual([4, []]);
  } finally {
    await channel.close();
    await close();
  }
});
