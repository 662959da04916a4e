import { type Database, type Embedded, openDatabase } from '@gatehouse/database';
import { migrations } from '@gatehouse/insights/migrations';
import { newId } from '@gatehouse/kernel';
import { sql } from 'kysely';

/** A database with the schema of insights, dropped afterwards. */
export const inFreshDatabase = async <T>(
  server: Embedded,
  work: (database: Database, url: string) => Promise<T>,
): Promise<T> => {
  const name = `bench_${newId().replaceAll('-', '').slice(12, 28)}`;
  const url = (await server.database(name)).reveal();
  const database = await openDatabase({ url, migrations, poolSize: 2 });
  try {
    return await work(database, url);
  } finally {
    await database.close();
    const administration = await openDatabase({ url: await server.database('postgres'), migrations: [], poolSize: 1 });
    await sql.raw(`drop database ${name} with (force)`).execute(administration.owner);
    await administration.close();
  }
};
