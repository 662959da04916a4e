import { Fault } from '@gatehouse/kernel';
import pg from 'pg';

/** A rule of the schema refused a row. `constraint` is the name the schema gave that rule. */
export class ConstraintError extends Error {
  override readonly name = 'ConstraintError';
  readonly rule: 'unique' | 'foreign' | 'check' | 'required';
  readonly constraint: string;

  constructor(rule: ConstraintError['rule'], constraint: string, options?: { cause?: unknown }) {
    super(`The ${rule} rule ${constraint} refused the row.`, options);
    this.rule = rule;
    this.constraint = constraint;
  }
}

/**
 * What an error of the driver means for everybody else. The server's own errors carry an SQLSTATE; an error without one
 * comes from the connection. `detail` never holds values of a row.
 */
export const toDatabaseError = (error: unknown): Error => {
  if (error instanceof Fault || error instanceof ConstraintError) return error;
  if (!(error instanceof pg.DatabaseError)) {
    return new Fault('unreachable', away, error instanceof Error ? `database: ${error.message}` : 'database', {
      cause: error,
    });
  }
  const state = error.code ?? '';
  const rule = rules[state];
  if (rule) return new ConstraintError(rule, error.constraint ?? error.column ?? 'unnamed', { cause: error });
  const known = states[state] ?? states[state.slice(0, 2)];
  if (known) return new Fault('unreachable', known, `database: ${state} ${error.message}`, { cause: error });
  return error;
};

const rules: Readonly<Record<string, ConstraintError['rule']>> = {
  '23505': 'unique',
  '23503': 'foreign',
  '23514': 'check',
  '23502': 'required',
};

const away = 'The database does not answer. What was saved is safe; try again when it is back.';
const slow = 'The database took too long and the request was stopped. Try again, or ask for less.';

/** SQLSTATEs and classes that are the state of the server rather than a mistake of ours. */
const states: Readonly<Record<string, string>> = {
  '08': away,
  '57P01': away,
  '57P02': away,
  '57P03': away,
  '57P05': away,
  '25P03': slow,
  '57014': slow,
  '55P03': 'Somebody else is changing the same rows. Try again.',
  '40001': 'Somebody else changed the same rows at the same moment. Try again.',
  '40P01': 'Somebody else changed the same rows at the same moment. Try again.',
  '25006':
    'The database takes nothing new at the moment: its disk is full, or it is a copy of another one. Free some space there and try again; what was saved before is safe.',
  '53100': 'The disk of the database is full. Free some space there and try again; what was saved before is safe.',
  '53200': 'The database is out of memory. Give it more, then try again.',
  '53300': 'The database has no free connection. Raise max_connections, or stop what uses them, and try again.',
  '58030': 'The disk of the database cannot be read or written. Look at that machine; nothing was saved.',
  '28': 'The database refused the user name or password. Change --database-url.',
  '3D': 'The database named in --database-url does not exist on that server.',
};

/** The SQLSTATE of what the server said, also where it became a Fault; undefined: the server did not say it. */
export const sqlState = (error: unknown): string | undefined => {
  const origin = error instanceof Error && error.cause instanceof pg.DatabaseError ? error.cause : error;
  return origin instanceof pg.DatabaseError ? origin.code : undefined;
};
