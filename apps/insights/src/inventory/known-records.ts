import { randomInt } from 'node:crypto';
import { hashLength } from './record-line.ts';

/** What the inventory holds of one stream: 36 bytes a record of typed arrays, so a million records take about 64 MB. */
export interface KnownRecords {
  readonly size: number;
  /** The place of this id, or -1. Two ids may share a place only by a collision of 64 bits; the database has the last word. */
  find(id: string): number;
  /** Takes an id that `find` did not find; `hash` has 16 one-byte characters. */
  add(id: string, seq: number, hash: string): void;
  /** Takes a row of the table. A record that is gone has no hash, so that whatever comes back differs from it. */
  load(id: Buffer, seq: number, hash: Buffer | null): number;
  seq(place: number): number;
  hasHash(place: number, hash: string): boolean;
  /** What the database holds of a doubtful id now; the open generation saw it. */
  renew(id: string, seq: number, hash: string): void;
  /** The system said that it was deleted. */
  drop(id: string): void;
  /** The open generation saw it. */
  see(place: number): void;
  /** The seqs of what is there and was not seen, in blocks. */
  unseen(block: number): Iterable<number[]>;
  countSeen(): number;
}

const isSeen = 1;
const isGone = 2;
const words = 4;

export const knownRecords = (expected: number): KnownRecords => {
  // A seed of its own for every run: nobody can choose ids that collide.
  const seed = randomInt(0x7fffffff);
  let capacity = 1024;
  while (capacity * 0.7 < expected) capacity *= 2;
  let table = allocate(capacity);
  let size = 0;
  let high = 0;
  let low = 0;

  /** 64 bits of an id in `high` and `low`: two multiplicative hashes side by side, as in cyrb53. */
  const digest = (id: string): void => {
    high = 0xdeadbeef ^ seed;
    low = 0x41c6ce57 ^ seed;
    for (let i = 0; i < id.length; i++) {
      const code = id.charCodeAt(i);
      high = Math.imul(high ^ code, 2654435761);
      low = Math.imul(low ^ code, 1597334677);
    }
    const mixed = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
    low = (Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)) >>> 0;
    // Zero in both means free.
    high = mixed >>> 0 || 1;
  };

  const place = (start: number): number => {
    const { keys } = table;
    let at = start & (capacity - 1);
    while (keys[2 * at] !== 0) at = (at + 1) & (capacity - 1);
    return at;
  };

  const grow = (): void => {
    const old = table;
    capacity *= 2;
    table = allocate(capacity);
    for (let from = 0; from < old.seqs.length; from++) {
      if (old.keys[2 * from] === 0) continue;
      const to = place(old.keys[2 * from + 1] ?? 0);
      table.keys[2 * to] = old.keys[2 * from] ?? 0;
      table.keys[2 * to + 1] = old.keys[2 * from + 1] ?? 0;
      table.seqs[to] = old.seqs[from] ?? 0;
      table.marks[to] = old.marks[from] ?? 0;
      for (let word = 0; word < words; word++) table.hashes[words * to + word] = old.hashes[words * from + word] ?? 0;
    }
  };

  const take = (id: string, seq: number): number => {
    if (size >= capacity * 0.7) grow();
    digest(id);
    const at = place(low);
    table.keys[2 * at] = high;
    table.keys[2 * at + 1] = low;
    table.seqs[at] = seq;
    size++;
    return at;
  };

  /** With a seq, the one of several colliding ids that has it. */
  const find = (id: string, seq?: number): number => {
    digest(id);
    const { keys, seqs } = table;
    for (let at = low & (capacity - 1); keys[2 * at] !== 0; at = (at + 1) & (capacity - 1)) {
      if (keys[2 * at] === high && keys[2 * at + 1] === low && (seq === undefined || seqs[at] === seq)) return at;
    }
    return -1;
  };

  const add = (id: string, seq: number, hash: string): void => {
    const at = take(id, seq);
    for (let word = 0; word < words; word++) table.hashes[words * at + word] = wordOf(hash, word);
    table.marks[at] = isSeen;
  };

  return {
    get size() {
      return size;
    },
    find: (id) => find(id),
    add,
    load: (id, seq, hash) => {
      const at = take(id.toString('utf8'), seq);
      if (hash) for (let word = 0; word < words; word++) table.hashes[words * at + word] = hash.readUInt32LE(4 * word);
      else table.marks[at] = isGone;
      return at;
    },
    seq: (at) => table.seqs[at] ?? 0,
    hasHash: (at, hash) => {
      if ((table.marks[at] ?? 0) & isGone) return false;
      for (let word = 0; word < words; word++) {
        if (table.hashes[words * at + word] !== wordOf(hash, word)) return false;
      }
      return true;
    },
    renew: (id, seq, hash) => {
      const at = find(id, seq);
      if (at < 0) {
        add(id, seq, hash);
        return;
      }
      for (let word = 0; word < words; word++) table.hashes[words * at + word] = wordOf(hash, word);
      table.marks[at] = isSeen;
    },
    drop: (id) => {
      const at = find(id);
      if (at >= 0) table.marks[at] = isGone;
    },
    see: (at) => {
      table.marks[at] = (table.marks[at] ?? 0) | isSeen;
    },
    *unseen(block) {
      let seqs: number[] = [];
      for (let at = 0; at < capacity; at++) {
        if (table.keys[2 * at] === 0 || table.marks[at] !== 0) continue;
        seqs.push(table.seqs[at] ?? 0);
        if (seqs.length === block) {
          yield seqs;
          seqs = [];
        }
      }
      if (seqs.length > 0) yield seqs;
    },
    countSeen: () => table.marks.reduce((count, mark) => count + (mark & isSeen), 0),
  };
};

const allocate = (capacity: number) => ({
  keys: new Uint32Array(2 * capacity),
  seqs: new Float64Array(capacity),
  hashes: new Uint32Array(words * capacity),
  marks: new Uint8Array(capacity),
});

/** Four of the characters of a hash as a number, in the order in which a Buffer reads them. */
const wordOf = (hash: string, word: number): number => {
  const at = (hashLength / words) * word;
  return (
    (hash.charCodeAt(at) |
      (hash.charCodeAt(at + 1) << 8) |
      (hash.charCodeAt(at + 2) << 16) |
      (hash.charCodeAt(at + 3) << 24)) >>>
    0
  );
};
