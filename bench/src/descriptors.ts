import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type EdgeReader,
  openEdgeReader,
  type RightTable,
  rightsOfMask,
  rowAt,
  rowWords,
} from '@gatehouse/connectors/active-directory/descriptor';
import { readCorpus, type Sample, varied } from './descriptor-samples.ts';
import { type Figure, median } from './figure.ts';

/**
 * Security descriptors of Active Directory to edges, on one thread: ours against Samba's unpacking, which makes no
 * edges, and against a plain C loop that makes the same ones. Each descriptor is a real one with other trustees, so
 * none comes twice. What is missing on a machine (the recordings, a compiler, python3-samba) is left out aloud.
 */
export const measureDescriptors = async (
  scratch: string,
  plan: { readonly count: number; readonly rounds: number },
  say: (text: string) => void,
): Promise<readonly Figure[]> => {
  const samples = readCorpus();
  if (samples === null) {
    say('descriptors: left out, the recordings of Active Directory are not there');
    return [];
  }
  const { count, rounds } = plan;
  const files = writeFiles(scratch, samples, wholePages(Math.min(count, most.filed)));
  const c = await compile(scratch, say);
  const python = await findSamba(say);
  const [ours, same, floor, samba]: [number[], number[], number[], number[]] = [[], [], [], []];
  // One reader, as one process has, and it has read before: compiling is not what is measured.
  const reader = openEdgeReader();
  measureOurs(reader, samples, Math.min(count, 200_000), 0);
  for (let round = 1; round <= rounds; round++) {
    ours.push(measureOurs(reader, samples, count, count * round));
    same.push(measureAgain(reader, samples, count));
    if (c !== null) floor.push(await measureC(c, files));
    if (python !== null) samba.push(await measureSamba(python, files.descriptors));
    say(`descriptors: round ${round} of ${rounds}: ${Math.round(ours.at(-1) ?? 0)} a second`);
  }
  return figures({ count, ours, same, floor, samba });
};

/**
 * All read pages of LDAP, as they are in memory when they have just arrived. Ours is timed in slices that take about as
 * long as the C loop's page, a fifth of a millisecond, and of all times the median counts: so other programs of the
 * machine come between none of them as a rule. The C loop reads pages that are all different, too, of fewer descriptors.
 */
const most = { page: 1000, slice: 250, filed: 50_000 };

const wholePages = (count: number): number => (count < most.page ? count : count - (count % most.page));

/** Descriptors a second, all of them different. Making them is not measured. */
const measureOurs = (reader: EdgeReader, samples: readonly Sample[], count: number, seed: number): number => {
  const speeds: number[] = [];
  for (let done = 0; done < count; done += most.page)
    speeds.push(...speedsOf(varied(samples, Math.min(most.page, count - done), seed + done), reader));
  return median(speeds);
};

/** The same without any variety: what a cache of whole descriptors would be measured with. */
const measureAgain = (reader: EdgeReader, samples: readonly Sample[], count: number): number => {
  const page = Array.from({ length: Math.min(most.page, count) }, (_, index) => samples[index % samples.length]);
  const few = page.filter((sample) => sample !== undefined);
  return median(Array.from({ length: Math.ceil(count / most.page) }, () => speedsOf(few, reader)).flat());
};

const speedsOf = (page: readonly Sample[], reader: EdgeReader): readonly number[] => {
  const speeds: number[] = [];
  for (let from = 0; from < page.length; from += most.slice) {
    const slice = page.slice(from, from + most.slice);
    const begin = performance.now();
    for (const { bytes, table } of slice) reader.read(bytes, table);
    speeds.push(perSecond(slice.length, performance.now() - begin));
  }
  return speeds;
};

const perSecond = (count: number, ms: number) => (1000 * count) / ms;

interface Files {
  readonly tables: string;
  readonly descriptors: string;
  readonly count: number;
  /** What ours finds in the file, which the C loop must find too: else they would not do the same work. */
  readonly edges: number;
}

const writeFiles = (scratch: string, samples: readonly Sample[], count: number): Files => {
  const chunk = varied(samples, count, 1);
  const tables = [...new Set(samples.map(({ table }) => table))];
  const files = { tables: join(scratch, 'tables.bin'), descriptors: join(scratch, 'descriptors.bin') };
  writeFileSync(files.tables, Buffer.concat([int32(tables.length), ...tables.map(tableBytes)]));
  const parts = chunk.flatMap(({ bytes, table }) => [
    ...[int32(tables.indexOf(table), bytes.length), bytes, Buffer.alloc(-bytes.length & 3)],
  ]);
  writeFileSync(files.descriptors, Buffer.concat([int32(count), ...parts]));
  const reader = openEdgeReader();
  let edges = 0;
  for (const { bytes, table } of chunk) {
    const { count, words } = reader.read(bytes, table);
    for (let row = 0; row < count; row++) edges += countBits(words[row * rowWords + rowAt.rules] ?? 0);
  }
  return { ...files, count, edges };
};

const countBits = (set: number): number => (set >>> 0).toString(2).replaceAll('0', '').length;

/** As `struct table` of descriptors.c reads it. */
const tableBytes = ({ byMask, all, classGuid, covered, rules }: RightTable): Buffer =>
  Buffer.concat([
    ...[int32(...masks.map((mask) => rightsOfMask(byMask, mask, 0)))],
    ...[int32(...masks.map((mask) => rightsOfMask(byMask, mask, 1)))],
    ...[int32(all, covered.size, rules.length, classGuid === null ? 0 : 1)],
    guidBytes(classGuid ?? '0'.repeat(32)),
    ...[...covered].flatMap(([guid, rights]) => [guidBytes(guid), int32(rights)]),
    ...rules.map(({ needs, isAnyEnough, standsFor }) => int32(needs, isAnyEnough ? 1 : 0, standsFor)),
  ]);

/** Every mask that differs in a bit that matters, in the order of the C loop's index: ten low bits and four standard rights. */
const masks = Array.from({ length: 0x4000 }, (_, index) => (index & 0x3ff) | ((index & 0x3c00) << 6));

const int32 = (...values: readonly number[]): Buffer => Buffer.from(Int32Array.from(values).buffer);

const guidBytes = (text: string): Buffer => {
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
};

const compile = async (scratch: string, say: (text: string) => void): Promise<string | null> => {
  const program = join(scratch, 'descriptors');
  try {
    await run('cc', ['-O2', '-o', program, join(import.meta.dirname, 'descriptors.c')]);
    return program;
  } catch (error) {
    say(`descriptors: the C loop is left out, it could not be compiled: ${String(error).slice(0, 200)}`);
    return null;
  }
};

const measureC = async (program: string, { tables, descriptors, count, edges }: Files): Promise<number> => {
  const page = Math.min(count, most.page);
  const { stdout } = await run(program, [tables, descriptors, String(page), '4'], { maxBuffer: 64 * 2 ** 20 });
  const numbers = stdout.trim().split('\n').map(Number);
  const found = numbers.pop();
  if (found !== edges) throw new Error(`the C loop finds ${found} edges where ours finds ${edges}`);
  return perSecond(page, median(numbers) / 1e6);
};

/** The Python that has Samba: Debian's own, which need not be the first on the path. */
const findSamba = async (say: (text: string) => void): Promise<string | null> => {
  for (const python of ['python3', '/usr/bin/python3']) {
    const isThere = await run(python, ['-c', 'import samba.ndr']).then(
      () => true,
      () => false,
    );
    if (isThere) return python;
  }
  say('descriptors: Samba is left out, no Python has it (Debian: python3-samba)');
  return null;
};

const measureSamba = async (python: string, file: string): Promise<number> => {
  const script = join(import.meta.dirname, 'descriptors.py');
  if (!existsSync(script)) throw new Error(`${script} is missing`);
  const { stdout } = await run(python, [script, file, String(most.page)]);
  const [count = 0, ns = 0] = stdout.trim().split(' ').map(Number);
  return perSecond(count, ns / 1e6);
};

const run = promisify(execFile);

const figures = (measured: {
  readonly count: number;
  readonly ours: readonly number[];
  readonly same: readonly number[];
  readonly floor: readonly number[];
  readonly samba: readonly number[];
}): readonly Figure[] => {
  const { count, ours, same, floor, samba } = measured;
  const title = `${new Intl.NumberFormat('en').format(count)} security descriptors to edges`;
  const figure = { ours: median(ours), unit: 'a second', limit: null };
  const name = { c: 'a plain C loop', samba: 'Samba unpacking them' };
  return [
    ...(floor.length === 0
      ? []
      : [{ ...figure, name: title, floor: { name: name.c, value: median(floor), atLeast: 0.25 } }]),
    ...(samba.length === 0
      ? []
      : [{ ...figure, name: title, floor: { name: name.samba, value: median(samba), atLeast: 5 } }]),
    {
      ...{ name: `${title}, the same few again and again`, ours: median(same), unit: 'a second', limit: null },
      floor: { name: 'ours with all of them different', value: median(ours), atLeast: 1 },
    },
  ];
};
