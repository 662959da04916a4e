import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { ObjectRow } from '../api/shape.ts';

/** Fills in a code name made from the name where none was given: `Linux servers` becomes `linux_servers`. */
export const codeNamed =
  (table: string, label: string) =>
  async (tx: Sql, given: ObjectRow): Promise<ObjectRow> => {
    if (typeof given.code_name === 'string' && given.code_name !== '') return given;
    const made =
      String(given[label])
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '_')
        .replaceAll(/^_+|_+$/g, '')
        .slice(0, 56) || 'unnamed';
    const { rows } = await sql<{ code: string }>`
      select lower(code_name) as code from ${sql.table(table)}
      where lower(code_name) = ${made} or lower(code_name) like ${`${made.replaceAll('_', '\\_')}\\_%`} limit 10000`.execute(
      tx,
    );
    const taken = new Set(rows.map(({ code }) => code));
    let code = made;
    for (let number = 2; taken.has(code); number += 1) code = `${made}_${number}`;
    return { ...given, code_name: code };
  };
