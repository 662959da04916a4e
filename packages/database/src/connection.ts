import type { Duplex } from 'node:stream';
import { sql } from 'kysely';
import pg from 'pg';
import { toDatabaseError } from './pg-fault.ts';

/**
 * Ends a statement of a transaction whose answer nobody reads, as of the last entry that it writes: it is sent, and not
 * waited for before the commit is, which fails with whatever it failed with.
 */
export const uponCommit = sql.raw('/* upon commit */');
const mark = '/* upon commit */';

/** Of one that is not sent, and of one that is not waited for. */
const nothing: Answer = { command: '', rowCount: 0, rows: [] };

type Answer = Pick<pg.QueryResult, 'command' | 'rowCount' | 'rows'>;

/** Statements that a connection keeps parsed, over all programs' lives: more would cost the server more than they save. */
const mostKept = 200;
const longestKept = 10_000;

/** Names of statements, by their text. */
export type Names = (text: string) => string | undefined;

export const createNames = (): Names => {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || names.size >= mostKept || text.length > longestKept) return known;
    const name = `s${names.size + 1}`;
    names.set(text, name);
    return name;
  };
};

/**
 * A connection as Kysely uses it. Statements are sent as they come, without waiting for one another; `begin` goes with the
 * first one of its transaction, and a transaction without any is not begun. Every failure leaves as a Fault or a
 * ConstraintError, and a connection that failed is not used again.
 */
export const guarded = (client: pg.PoolClient, nameOf: Names): pg.PoolClient => {
  let isBroken = false;
  let isToBegin = false;
  /** Inside a transaction: those that are not waited for. */
  let open: Promise<unknown>[] | null = null;

  const ask = async (text: string, values: readonly unknown[]): Promise<Answer> => {
    // Without values it may hold several statements, which cannot be kept.
    const name = values.length > 0 ? nameOf(text) : undefined;
    inOnePiece(client.connection.stream);
    try {
      return await answerOf(client, text, [...values], name);
    } catch (error) {
      isBroken ||= !(error instanceof pg.DatabaseError) || isStale(error);
      throw toDatabaseError(error);
    }
  };

  const begin = async (text: string, values: readonly unknown[]): Promise<Answer> => {
    isToBegin = false;
    if (isEnd(text)) {
      open = null;
      return nothing;
    }
    const begun = ask('begin', []);
    const [answer] = await Promise.all([inside(text, values), begun]);
    return answer;
  };

  const inside = async (text: string, values: readonly unknown[]): Promise<Answer> => {
    const waiting = open ?? [];
    const asked = ask(text, values);
    if (text.endsWith(mark)) {
      waiting.push(asked);
      asked.catch(() => undefined); // Told below.
      return nothing;
    }
    if (isEnd(text)) open = null;
    const [answer] = await Promise.allSettled([asked, ...waiting]);
    // What failed first is why the rest did.
    if (text !== 'rollback') await Promise.all(waiting);
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  };

  return {
    query: async (text: string, values: readonly unknown[] = []) => {
      if (text === 'begin') {
        isToBegin = true;
        open = [];
        return nothing;
      }
      if (isToBegin) return begin(text, values);
      return open === null ? ask(text, values) : inside(text, values);
    },
    release: () => client.release(isBroken),
  } as unknown as pg.PoolClient; // Kysely uses these two of a client's methods and no other.
};

/** As a query that is made already: the driver copies whatever else it is given, slowly. */
const answerOf = (client: pg.PoolClient, text: string, values: unknown[], name: string | undefined): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const query = new pg.Query(text, values, (error, answer) => (error ? reject(error) : resolve(answer)));
    client.query(name === undefined ? query : Object.assign(query, { name }));
  });

/** What is begun in one turn leaves in one piece: the call and the wake of the server cost more than most statements. */
const inOnePiece = (stream: Duplex): void => {
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
};

const isEnd = (text: string) => text === 'commit' || text === 'rollback';

/** What was kept does not fit the schema any more, which another copy of the program has changed; or it is gone. */
const isStale = ({ code, message }: pg.DatabaseError): boolean =>
  code === '26000' || (code === '0A000' && message.includes('cached plan'));
