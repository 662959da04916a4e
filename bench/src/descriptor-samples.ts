import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RightTable, tableOf, toSchemaNames } from '@gatehouse/connectors/active-directory/descriptor';
import { type LdifEntry, readLdif } from '@gatehouse/connectors/active-directory/fake/ldif';

/** One descriptor and the right table of its object's class. */
export interface Sample {
  readonly bytes: Uint8Array;
  readonly table: RightTable;
}

/** The distinct descriptors of two real domains; null where the recordings are missing. */
export const readCorpus = (): readonly Sample[] | null => {
  if (!existsSync(corpus)) return null;
  const entries = globSync('*/*.ldif', { cwd: corpus })
    .toSorted()
    .flatMap((file): LdifEntry[] => [...readLdif(readFileSync(join(corpus, file), 'utf8'))]);
  const names = toSchemaNames(entries.map(({ attributes }) => attributes));
  const samples = new Map<string, Sample>();
  for (const { attributes } of entries) {
    const [bytes] = attributes.get('nTSecurityDescriptor') ?? [];
    const objectClass = attributes.get('objectClass')?.at(-1)?.toString() ?? 'top';
    if (bytes !== undefined) samples.set(bytes.toString('base64'), { bytes, table: tableOf(objectClass, names) });
  }
  return [...samples.values()];
};

/**
 * So many samples with other trustees: one account in four of a domain gets another relative identifier. They stand one
 * after the other in memory, as answers of a server do.
 */
export const varied = (samples: readonly Sample[], count: number, seed: number): readonly Sample[] => {
  const random = openRandom(seed);
  const chosen = Array.from({ length: count }, () => {
    const sample = samples[random(samples.length)];
    if (sample === undefined) throw new Error('there are no samples');
    return sample;
  });
  const memory = Buffer.alloc(chosen.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  return chosen.map((sample) => {
    const bytes = memory.subarray(at, at + sample.bytes.length);
    bytes.set(sample.bytes);
    at += bytes.length;
    // The first is always another one, so that hardly two descriptors of a million are the same.
    for (const [index, place] of placesOf(sample.bytes).entries())
      if (index === 0 || random(4) === 0)
        bytes.writeUInt32LE(1000 + (index === 0 ? random(5000) : skewed(random)), place);
    return { bytes, table: sample.table };
  });
};

/** One of 5,000, the first ones far more often: a forest delegates to few groups often and to many seldom. */
const skewed = (random: (below: number) => number): number => Math.floor(5000 * (random(1 << 16) / (1 << 16)) ** 3);

/** Where the relative identifiers of domain SIDs (S-1-5-21-a-b-c-RID) stand in a descriptor, entries first. */
const placesOf = (bytes: Uint8Array): readonly number[] => {
  const known = places.get(bytes);
  if (known !== undefined) return known;
  const found: number[] = [];
  const content = Buffer.from(bytes);
  for (let at = content.indexOf(domainSid); at >= 0; at = content.indexOf(domainSid, at + 1)) found.push(at + 24);
  places.set(bytes, found);
  return found;
};

const places = new WeakMap<Uint8Array, readonly number[]>();
/** Revision 1, five sub-authorities, authority 5, the first sub-authority 21. */
const domainSid = Buffer.from('010500000000000515000000', 'hex');
const corpus = join(import.meta.dirname, '../../../shared/corpora/active-directory');

/** A number below a bound, the same ones for the same seed (xorshift). */
const openRandom = (seed: number): ((below: number) => number) => {
  let state = Math.imul(seed, 0x9e37_79b1) ^ 0x5bd1_e995 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
};
