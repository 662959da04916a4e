import { createSecretKey } from 'node:crypto';
import { type Database, type Sql, uponCommit } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { type RawBuilder, sql } from 'kysely';
import { type Author, type Entry, type EntryInput, firstHash, hashOf, toEntry } from './entry.ts';

/** The audit of the vault. */
export interface Audit {
  /**
   * Says who did what, in the caller's transaction: kept together with it, or undone. The chain grows by one entry at a
   * time, so it is written last, shortly before the transaction ends.
   */
  write(tx: Sql, by: Author, ...inputs: readonly EntryInput[]): Promise<void>;
  /** Goes through the whole chain. */
  verify(signal: AbortSignal): Promise<Verdict>;
}

export interface Verdict {
  readonly isWhole: boolean;
  readonly entries: number;
  /** The number of the first entry that is not as it was written, or before which some are missing. */
  readonly firstBroken: number | null;
  /** Of the newest entry, in hexadecimal: written down elsewhere, it shows later that nothing was cut off at the end. */
  readonly newestHash: string;
}

export const openAudit = (database: Database, clock: Clock, bytes: Buffer): Audit => {
  const key = createSecretKey(bytes);
  return {
    async write(tx, by, ...inputs) {
      const locked = sql`select pg_advisory_xact_lock(${chainLock})`.execute(tx);
      const newest = sql<{ seq: number; hash: Buffer }>`select seq, hash from vault_audit order by seq desc limit 1`;
      const [{ rows }] = await Promise.all([newest.execute(tx), locked]);
      let { seq, hash } = rows[0] ?? { seq: 0, hash: firstHash };
      const chained = inputs.map((input) => {
        const entry = toEntry(++seq, clock.now(), by, input);
        hash = hashOf(key, hash, entry);
        return { ...entry, hash };
      });
      for (let at = 0; at < chained.length; at += 500) await insert(tx, chained.slice(at, at + 500));
    },
    async verify(signal) {
      let before: Buffer = firstHash;
      let entries = 0;
      for (;;) {
        signal.throwIfAborted();
        const page = await database.system((tx) => listEntries(tx, sql`seq > ${entries}`, 'oldest', 1_000));
        for (const { hash, ...entry } of page) {
          if (entry.seq !== entries + 1 || !hashOf(key, before, entry).equals(hash))
            return { isWhole: false, entries, firstBroken: entries + 1, newestHash: before.toString('hex') };
          entries = entry.seq;
          before = hash;
        }
        if (page.length < 1_000)
          return { isWhole: true, entries, firstBroken: null, newestHash: before.toString('hex') };
      }
    },
  };
};

/** Any number of its own: "chain" in ASCII. */
const chainLock = 0x636861696e;

const insert = (tx: Sql, entries: readonly (Entry & { readonly hash: Buffer })[]) =>
  sql`insert into vault_audit (seq, at, event, event_id, succeeded, actor, impersonator, address, through, target, message,
      arguments, correlation_id, hash)
    values ${sql.join(entries.map(rowOf))} ${uponCommit}`.execute(tx);

const rowOf = ({ hash, ...entry }: Entry & { readonly hash: Buffer }) =>
  sql`(${entry.seq}, ${entry.at}, ${entry.event}, ${entry.eventId}, ${entry.succeeded}, ${entry.actor},
    ${entry.impersonator}, ${entry.address}, ${entry.through}, ${entry.target}, ${entry.message},
    ${JSON.stringify(entry.arguments)}::jsonb, ${entry.correlationId}, ${hash})`;

/** Entries of a condition over `vault_audit`, at most so many. */
export const listEntries = async (
  tx: Sql,
  where: RawBuilder<unknown>,
  order: 'newest' | 'oldest',
  most: number,
): Promise<readonly (Entry & { readonly hash: Buffer })[]> => {
  const { rows } = await sql<Entry & { hash: Buffer }>`
    select seq, at, event, event_id as "eventId", succeeded, actor, impersonator, address, through, target, message,
      arguments, correlation_id as "correlationId", hash
    from vault_audit where ${where} order by seq ${sql.raw(order === 'newest' ? 'desc' : 'asc')} limit ${most}`.execute(
    tx,
  );
  return rows;
};
