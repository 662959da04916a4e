import type { z } from 'zod';
import type { Link } from '../api/inventory.ts';

/** An account's address in rows of SQL, and what it is called. */
export interface AccountRow {
  readonly connection: string;
  readonly stream: string;
  readonly id: string;
  readonly label: string;
}

export const toLink = ({ connection, stream, id, label }: AccountRow): z.output<typeof Link> => ({
  kind: 'accounts',
  connection,
  stream,
  id,
  label,
});
