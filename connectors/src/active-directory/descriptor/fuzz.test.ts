import { expect, test } from 'vitest';
import { parseDescriptor } from './descriptor.ts';
import { tableOf, toEdges, toEdgesOf } from './edges.ts';
import { openEdgeReader } from './index.ts';
import { toSchemaNames } from './schema-names.ts';
import { build, type Given } from './test/build.ts';
import { readCorpus } from './test/corpus.ts';
import { openRandom } from './test/random.ts';
import { fastLinesOf, linesOf } from './test/rows.ts';

const names = toSchemaNames([]);
const member = 'bf9679c0-0de6-11d0-a285-00aa003049e2';
const user = 'bf967aba-0de6-11d0-a285-00aa003049e2';

/** Made up where there are no recordings, and always with what the recordings do not have. */
const seeds = (): readonly Uint8Array[] => {
  const account = 'S-1-5-21-1-2-3-1105';
  const entries: readonly Given[] = [
    { type: 1, mask: 0x20, to: 'S-1-1-0' },
    { type: 6, mask: 0x20, to: 'S-1-5-21-1-2-3-1106', of: member },
    { type: 9, mask: 0x100, to: account, condition: Buffer.from('6172747800000000', 'hex') },
    { type: 12, mask: 0x10, to: account, of: member, condition: Buffer.alloc(4) },
    { mask: 0xf01ff, to: account },
    { mask: 0x20, to: 'S-1-3-4', of: member, inheritedBy: user, flags: 0x12 },
    { type: 4, mask: 1, to: account },
    { mask: 0x4000_0000, to: 'S-1-5-80-1-2-3-4-5' },
  ];
  const recorded = new Set(readCorpus().flatMap(({ descriptor }) => descriptor?.toString('base64') ?? []));
  return [build(entries), build(null), build([]), ...[...recorded].map((text) => Buffer.from(text, 'base64'))];
};

const mutate = (seed: Uint8Array, random: (below: number) => number): Uint8Array => {
  let bytes = Uint8Array.from(seed);
  const changes = 1 + random(4);
  for (let change = 0; change < changes && bytes.length > 0; change++) {
    const at = random(bytes.length);
    const kind = random(6);
    if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (kind === 1) bytes[at] = [0, 1, 0x7f, 0xff][random(4)] ?? 0;
    else if (kind === 2) bytes = bytes.subarray(0, at);
    // The header with its offsets, and the list's header with size and count.
    else if (kind === 3) bytes[random(Math.min(28, bytes.length))] = random(256);
    // Sizes stand at even places.
    else if (kind === 4) bytes[at & ~1] = random(64);
    else bytes.copyWithin(at, random(bytes.length), random(bytes.length));
  }
  return bytes;
};

test('200,000 damaged descriptors neither throw nor hang, and both ways read the same from them', {
  timeout: 120_000,
}, () => {
  const random = openRandom(20_240_103);
  const from = seeds();
  const classes = ['user', 'group', 'computer', 'domainDNS', 'organizationalUnit', 'nobodyKnows'];
  const tables = classes.map((name) => tableOf(name, names));
  const reader = openEdgeReader();
  let withFaults = 0;
  for (let round = 0; round < 200_000; round++) {
    const bytes = mutate(from[random(from.length)] ?? new Uint8Array(), random);
    const which = random(classes.length);
    const table = tables[which];
    if (table === undefined) continue;
    reader.read(bytes, table);
    if (round % 16 !== 0) continue;
    const slow = toEdges(bytes, classes[which] ?? '', names);
    if (slow.faults.length > 0) withFaults++;
    const [fast, exact] = [fastLinesOf(bytes, table), linesOf(slow)];
    const wanted = (trustee: string) => trustee.endsWith('1');
    const edges = slow.edges.filter(({ trustee }) => wanted(trustee));
    expect(toEdgesOf(bytes, classes[which] ?? '', names, wanted)).toEqual({ ...slow, edges });
    if (fast.join() !== exact.join()) expect(fast, Buffer.from(bytes).toString('base64')).toEqual(exact);
  }
  expect(withFaults).toBeGreaterThan(2500);
});

test('an edge of a damaged descriptor rests on entries that stand in its bytes, and a cut never adds one', () => {
  const random = openRandom(7);
  for (const seed of seeds().slice(0, 60)) {
    const whole = new Set(toEdges(seed, 'user', names).edges.map(({ kind, trustee }) => `${kind} ${trustee}`));
    for (let round = 0; round < 40; round++) {
      const cut = seed.subarray(0, random(seed.length));
      const { edges, isComplete } = toEdges(cut, 'user', names);
      for (const { kind, trustee, entries } of edges) {
        if (kind === 'Owns') continue;
        for (const { offset, size } of entries) expect(offset + size).toBeLessThanOrEqual(cut.length);
        // Less of a better name leaves lesser ones; they are part of it.
        if (!whole.has(`${kind} ${trustee}`))
          expect([...whole].some((edge) => edge.endsWith(` ${trustee}`))).toBe(true);
      }
      if (cut.length < 20) expect({ edges, isComplete }).toEqual({ edges: [], isComplete: false });
    }
  }
});

test('nothing outside of a view is read', () => {
  const inside = build([{ mask: 0x100, to: 'S-1-5-21-1-2-3-1105' }]);
  const around = Buffer.alloc(inside.length + 200, 0x41);
  around.set(inside, 100);
  const view = around.subarray(100, 100 + inside.length);
  expect(parseDescriptor(view)).toEqual(parseDescriptor(inside));
  for (let length = 0; length < inside.length; length++)
    expect(parseDescriptor(view.subarray(0, length))).toEqual(parseDescriptor(inside.slice(0, length)));
});

test('the largest list of the smallest entries is read in bounded time, with a bounded number of faults', () => {
  const bytes = Buffer.alloc(20 + 0xffff);
  build([])
    .slice(0, 28)
    .forEach((byte, index) => {
      bytes[index] = byte;
    });
  bytes.writeUInt32LE(0, 4);
  bytes.writeUInt32LE(0, 8);
  bytes.writeUInt16LE(0xfffc, 22);
  bytes.writeUInt16LE(0xffff, 24);
  for (let at = 28; at + 4 <= bytes.length; at += 4) bytes.writeUInt32LE(0x0004_0000, at);
  const { dacl, faults } = parseDescriptor(bytes);
  expect(dacl.state === 'present' && dacl.entries.length).toBeGreaterThan(16_000);
  expect(faults.length).toBeLessThan(40);
  expect(toEdges(bytes, 'user', names).edges).toEqual([]);
});
