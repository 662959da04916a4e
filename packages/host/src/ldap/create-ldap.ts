import { Attribute, Change, type Control, type Filter, ModifyRequest, SearchRequest } from 'ldapts';
import type { Surroundings } from '../exchange.ts';
import { bounded } from '../redact.ts';
import { advices } from '../words.ts';
import type { RawEntry } from './answer.ts';
import { Malformed } from './ber.ts';
import type { Answer, Connection, Request } from './connection.ts';
import { createConnections } from './connections.ts';
import { dirSyncControl, dirSyncState, pageControl, pageCookie, steadyControls } from './controls.ts';
import { toFilter } from './filter.ts';
import type { Ldap, LdapChange, LdapEntry, LdapOptions, LdapPage, LdapQuery } from './ldap.ts';
import { type FetchRange, wholeEntry } from './ranges.ts';
import { LdapFault } from './result-faults.ts';
import { rootDseAttributes, toRootDse } from './root-dse.ts';

/** Pages in a row without an entry, after which a search ends with a fault: a directory that never ends is broken. */
const mostEmptyPages = 1_000;
/** Values fetched in ranges after which what there is of a page is handed out, so that many large groups take no more memory than one. */
const partBytes = 8 * 1024 * 1024;
/** All values of one entry. */
const wholeBytes = 256 * 1024 * 1024;

/** One client for one directory. `signal` ends whatever it does. */
export const createLdap = (options: LdapOptions, around: Surroundings, signal: AbortSignal): Ldap => {
  const { system } = options;
  const connections = createConnections(options, around, signal);

  /** Asks on `held`, or on whatever connection works; only there a lost connection is made good by another. */
  const ask = async (request: Request, held: Connection | null): Promise<Asked> => {
    for (let attempt = 1; ; attempt++) {
      let connection = held;
      try {
        connection ??= await connections.open();
        return { connection, answer: await connections.ask(connection, request, attempt) };
      } catch (error) {
        if (!(error instanceof LdapFault)) throw error;
        if (error.again === 'elsewhere' && connection !== null) connections.leave(connection);
        const mayRepeat = error.again === 'here' || (error.again === 'elsewhere' && held === null);
        const wait = { system, bucket: connection?.controller.name ?? 'all', reason: 'retry' } as const;
        if (!mayRepeat || !(await around.retries.spend(attempt, 0, wait, signal))) throw error;
      }
    }
  };

  const unexpected = (connection: Connection, what: string, advice = advices.unexpected(system)) =>
    new LdapFault({
      ...{ kind: 'unexpected', advice, again: 'never', problem: what },
      detail: `${connection.controller.name}: ${what}`,
    });

  /** Values of controls are as hostile as the rest of an answer. */
  const parsed = <T>(connection: Connection, parse: () => T): T => {
    try {
      return parse();
    } catch (error) {
      throw error instanceof Malformed ? unexpected(connection, error.message) : error;
    }
  };

  async function* search(query: LdapQuery): AsyncGenerator<LdapPage> {
    const filter = toFilter(query.filter ?? '(objectClass=*)');
    const { controls = {} } = query;
    const { dirSync, pageSize = 1_000 } = controls;
    const steady = steadyControls(controls);
    const requestOf = (size: number, cookie: Buffer): Request =>
      searchRequest(query, filter, [
        ...steady,
        ...(dirSync === undefined ? [pageControl(size, cookie)] : [dirSyncControl(dirSync, cookie)]),
      ]);

    let held: Connection | null = null;
    let cookie = dirSync?.cookie ?? Buffer.alloc(0);
    let empty = 0;
    let taken = 0;
    const pages = new Set<string>();
    let isUnfinished = false;
    let ahead: Promise<Asked> | null = null;
    try {
      do {
        const asked: Promise<Asked> = ahead ?? ask(requestOf(pageSize, cookie), held);
        ahead = null;
        const { connection, answer } = await asked;
        held = connection;
        const { entries, urls, result } = answer;
        const state = parsed(connection, () => (dirSync === undefined ? null : dirSyncState(result.controls)));
        if (dirSync !== undefined && state === null) throw unexpected(connection, 'no answer to the DirSync control');
        const next = state?.cookie ?? parsed(connection, () => Buffer.from(pageCookie(result.controls)));
        isUnfinished = state?.more ?? next.length > 0;
        empty = entries.length === 0 ? empty + 1 : 0;
        if (isUnfinished && (empty > mostEmptyPages || (empty > 0 && next.equals(cookie)))) {
          throw unexpected(connection, 'the pages of a search never end');
        }
        // Told by its entries: some directories keep one cookie for a whole search. Changes may come twice.
        if (isUnfinished && entries.length > 0 && dirSync === undefined) {
          const page = `${entries[0]?.dn}\n${entries.at(-1)?.dn}`;
          if (pages.has(page)) throw unexpected(connection, 'the pages of a search lead back to one that was read');
          pages.add(page);
        }
        cookie = next;
        // Whoever takes a second page takes the others, too: the controller makes the next one while this one is worked
        // on. A large one is not read ahead of, so that two of them are not held.
        if (isUnfinished && taken++ > 0 && answer.bytes <= partBytes) {
          ahead = ask(requestOf(pageSize, cookie), connection);
          // A failure is seen when its turn comes.
          ahead.catch(ignore);
        }
        const { name: controller } = connection.controller;
        let references = { count: urls.length, urls: urls.slice(0, 20).map((url) => bounded(url, 300)) };
        // Ranges of DirSync are changes (`member;range=1-1` was added), not parts of a list.
        const parts = dirSync === undefined ? inParts(connection, entries, steady) : [entries.map(untouched)];
        for await (const part of parts) {
          yield { entries: part, controller, dirSync: state, references };
          references = { count: 0, urls: [] };
        }
      } while (isUnfinished);
    } finally {
      // Whoever stops in between sets the controller's memory free (RFC 2696 3).
      if (isUnfinished && dirSync === undefined && held !== null)
        void letGo(held, ahead, cookie, (last) => requestOf(0, last)).catch(ignore);
    }
  }

  async function* inParts(
    connection: Connection,
    entries: readonly RawEntry[],
    controls: readonly Control[],
  ): AsyncGenerator<readonly LdapEntry[]> {
    const fetch: FetchRange = (dn, name, from) => fetchRange(connection, dn, name, from, controls);
    let part: LdapEntry[] = [];
    let size = 0;
    for (const raw of entries) {
      const whole = await wholeEntry(raw, fetch, wholeBytes);
      if (whole === 'too large') {
        const advice = `An entry of ${system} has more values than are taken in; the log of this server says which.`;
        throw unexpected(connection, `${bounded(raw.dn, 300)} has more than ${wholeBytes} bytes of values`, advice);
      }
      part.push(whole.entry);
      size += whole.bytes;
      if (size < partBytes) continue;
      yield part;
      part = [];
      size = 0;
    }
    yield part;
  }

  /** Null when the controller has no such range any more: the list became shorter, or the entry moved or went away. */
  const fetchRange = async (
    connection: Connection,
    dn: string,
    name: string,
    from: number,
    controls: readonly Control[],
  ): Promise<RawEntry | null> => {
    const attributes = [`${name};range=${from}-*`];
    const request = searchRequest({ base: dn, scope: 'base', attributes }, toFilter('(objectClass=*)'), controls);
    try {
      const { answer } = await ask(request, connection);
      return answer.entries[0] ?? null;
    } catch (error) {
      if (error instanceof LdapFault && error.code !== null && gone.has(error.code)) return null;
      throw error;
    }
  };

  return {
    search,
    close: connections.close,
    async modify(dn, changes) {
      await connections.ask(await connections.open(), modifyRequest(dn, changes), 1);
    },
    async rootDse() {
      const query: LdapQuery = { base: '', scope: 'base', attributes: rootDseAttributes };
      const { connection, answer } = await ask(searchRequest(query, toFilter('(objectClass=*)'), []), null);
      const [entry = { dn: '', attributes: new Map() }] = answer.entries;
      return toRootDse(system, connection.controller.name, entry);
    },
  };
};

interface Asked {
  readonly connection: Connection;
  readonly answer: Answer;
}

/** Ends a paged search; of a page that is on its way already, the cookie that comes with it counts. */
const letGo = async (
  held: Connection,
  ahead: Promise<Asked> | null,
  cookie: Buffer,
  endAt: (cookie: Buffer) => Request,
): Promise<void> => {
  const last = ahead === null ? cookie : pageCookie((await ahead).answer.result.controls);
  if (last.length > 0 && held.isOpen()) held.tell(endAt(last));
};

const ignore = () => undefined;

/** operationsError, noSuchAttribute, noSuchObject. */
const gone: ReadonlySet<number> = new Set([1, 16, 32]);

const untouched = (raw: RawEntry): LdapEntry => ({ ...raw, incomplete: [] });

const modifyRequest = (dn: string, changes: readonly LdapChange[]): Request => ({
  method: 'MODIFY',
  name: bounded(dn, 150),
  write: (messageId) =>
    new ModifyRequest({
      ...{ messageId, dn },
      changes: changes.map(
        ({ operation, attribute, values }) =>
          new Change({ operation, modification: new Attribute({ type: attribute, values: [...values] }) }),
      ),
    }).write(),
});

const searchRequest = (query: LdapQuery, filter: Filter, controls: readonly Control[]): Request => {
  const { base, scope, attributes = [] } = query;
  return {
    method: 'SEARCH',
    name: `${scope} ${base === '' ? 'root DSE' : bounded(base, 150)}`,
    write: (messageId) =>
      new SearchRequest({
        ...{ messageId, baseDN: base, scope, filter, timeLimit: 0 },
        attributes: [...attributes],
        controls: [...controls],
      }).write(),
  };
};
