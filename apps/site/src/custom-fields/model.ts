import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { customField } from '../api/support.ts';
import { codeNamed, type Kind } from '../objects/index.ts';

export const customFields: Kind = {
  shape: customField,
  noun: 'custom-field',
  reads: 'custom_fields',
  writes: 'custom_fields',
  search: ['display_name', 'code_name'],
  complete: codeNamed('custom_fields', 'display_name'),
  check: async (_tx, next) => {
    const codeName = String(next.code_name).toLowerCase();
    if (codeName === 'external_key')
      return [{ field: 'code_name', message: 'Every session has an external key already.' }];
    // Values are kept by these names, and some are not free in JavaScript.
    if (String(next.code_name) in {}) return [{ field: 'code_name', message: 'Choose another name.' }];
    return [];
  },
};

interface CustomField {
  readonly codeName: string;
  readonly displayName: string;
  readonly shownInConsole: boolean;
}

/** In the order they were made in. */
export const listCustomFields = async (tx: Sql): Promise<readonly CustomField[]> => {
  const { rows } = await sql<CustomField>`
    select code_name as "codeName", display_name as "displayName", shown_in_console as "shownInConsole"
    from custom_fields order by id limit 1000`.execute(tx);
  return rows;
};
