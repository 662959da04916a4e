import { join } from 'node:path';
import type { Disk } from '@gatehouse/host/agent';
import type { Clock } from '@gatehouse/kernel';
import { EcmError } from '@gatehouse/remote-access/ecm';
import { type Journal, openJournal } from './journal.ts';
import { type BookedLease, Line, linesOf, type Wanted, type Why } from './lease.ts';

/** How long an ended lease is remembered, so that nobody gets it again. */
const rememberMs = 3_600_000;

/** Every credential that the vault may have handed out through this ECM. What it says is on the medium. */
export interface LeaseBook {
  /**
   * The lease, written down before this resolves; the one that is there already where it is the same.
   * @throws EcmError `lease_conflict` for the same id with another content, `lease_over` for one that has ended.
   */
  open(wanted: Wanted, plugin: string): Promise<BookedLease>;
  find(id: string): BookedLease | null;
  keep(lease: BookedLease, state: string): Promise<void>;
  /** A session has it. Only told to people: it is not waited for. */
  held(lease: BookedLease): void;
  ending(lease: BookedLease, why: Why): Promise<void>;
  ended(lease: BookedLease): Promise<void>;
  /** The site has heard that it has ended. */
  known(lease: BookedLease): Promise<void>;
  /** Leases that are not ended, and ended ones of which the site has not heard. */
  list(): readonly BookedLease[];
  /** How many are not ended. */
  count(): number;
  /** Forgets ended ones of which the site has heard, after an hour. */
  forget(): void;
  close(): Promise<void>;
}

export interface BookOptions {
  readonly disk: Disk;
  readonly home: string;
  readonly clock: Clock;
  /** Lines of the file that cannot be read; the rest counts. */
  onDamage(lines: number): void;
  /** Steady milliseconds. Default: those of the process. */
  steady?(): number;
}

export const openLeaseBook = async (options: BookOptions): Promise<LeaseBook> => {
  const { disk, home, clock, steady = () => performance.now() } = options;
  const leases = new Map<string, BookedLease>();
  const snapshot = () => [...leases.values()].flatMap((lease) => linesOf(lease).map((line) => JSON.stringify(line)));
  const journal = await openJournal({ disk, path: join(home, 'leases.jsonl'), snapshot });
  restore(journal, leases, clock.now(), steady(), options.onDamage);
  /** Leases whose first line is not on the medium yet. */
  const opening = new Map<string, Promise<void>>();
  const write = (line: Line) => journal.append(JSON.stringify(line));

  return {
    async open(wanted, plugin) {
      const known = leases.get(wanted.id);
      if (known !== undefined) {
        if (known.fingerprint !== wanted.fingerprint || known.plugin !== plugin)
          throw new EcmError('lease_conflict', 'This lease is known with another content.', 'lease');
        if (known.why !== null) throw new EcmError('lease_over', 'This lease has ended.', 'lease');
        await opening.get(wanted.id);
        return known;
      }
      const lease: BookedLease = {
        ...{ ...wanted, plugin, openedAt: clock.now(), state: 'asked', why: null, kept: null, isKnown: false },
        ...{ endsAt: steady() + wanted.lifetimeMs, isFresh: true },
      };
      leases.set(lease.id, lease);
      try {
        const writing = Promise.all(linesOf(lease).map(write)).then(() => undefined);
        opening.set(lease.id, writing);
        await writing;
      } catch (error) {
        // Nothing was asked of the vault and nothing will be.
        leases.delete(lease.id);
        throw error;
      } finally {
        opening.delete(lease.id);
      }
      return lease;
    },
    find: (id) => leases.get(id) ?? null,
    async keep(lease, kept) {
      await write({ is: 'keep', id: lease.id, kept });
      lease.kept = kept;
    },
    held(lease) {
      if (lease.state !== 'asked') return;
      lease.state = 'held';
      write({ is: 'held', id: lease.id }).catch(() => undefined);
    },
    async ending(lease, why) {
      if (lease.why !== null) return;
      lease.why = why;
      lease.state = 'ending';
      await write({ is: 'ending', id: lease.id, why });
    },
    async ended(lease) {
      lease.state = 'ended';
      lease.endsAt = steady() + rememberMs;
      await write({ is: 'ended', id: lease.id, at: clock.now().toISOString() });
    },
    async known(lease) {
      lease.isKnown = true;
      await write({ is: 'known', id: lease.id });
    },
    list: () => [...leases.values()].filter(({ state, isKnown }) => state !== 'ended' || !isKnown),
    count: () => [...leases.values()].filter(({ state }) => state !== 'ended').length,
    forget() {
      const now = steady();
      for (const [id, { state, isKnown, endsAt }] of leases)
        if (state === 'ended' && isKnown && endsAt <= now) leases.delete(id);
    },
    close: () => journal.close(),
  };
};

/** What the lines say. A clock that has gone back or far ahead makes no lease longer than it was asked to be. */
const restore = (
  { lines }: Journal,
  leases: Map<string, BookedLease>,
  now: Date,
  steadyNow: number,
  onDamage: (lines: number) => void,
): void => {
  let damaged = 0;
  for (const text of lines) {
    const line = parse(text);
    if (line === null) damaged++;
    else if (line.is === 'open') {
      const { is: _, openedAt: opened, endpoint, ...rest } = line;
      const openedAt = new Date(opened);
      const leftMs = openedAt.getTime() + rest.lifetimeMs - now.getTime();
      const { protocol, ...place } = endpoint;
      leases.set(rest.id, {
        ...{ ...rest, endpoint: { ...place, ...(protocol && { protocol }) }, openedAt, state: 'asked', why: null },
        ...{ kept: null, isKnown: false, isFresh: false },
        endsAt: steadyNow + Math.min(rest.lifetimeMs, Math.max(0, leftMs)),
      });
    } else apply(line, leases.get(line.id), steadyNow);
  }
  if (damaged > 0) onDamage(damaged);
};

const apply = (line: Exclude<Line, { is: 'open' }>, lease: BookedLease | undefined, steadyNow: number): void => {
  if (lease === undefined) return;
  if (line.is === 'keep') lease.kept = line.kept;
  else if (line.is === 'held') lease.state = 'held';
  else if (line.is === 'known') lease.isKnown = true;
  else if (line.is === 'ending') {
    lease.state = 'ending';
    lease.why = line.why;
  } else {
    lease.state = 'ended';
    lease.why ??= 'session-over';
    lease.endsAt = steadyNow + rememberMs;
  }
};

const parse = (text: string): Line | null => {
  try {
    return Line.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
};
