import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Descriptor, parseDescriptor } from './descriptor.ts';
import { isMissing, readCorpus, reason } from './test/corpus.ts';
import { parseSddl } from './test/sddl.ts';

/** Debian's own Python has Samba and need not be the first on the path. */
const python = ['python3', '/usr/bin/python3'].find((name) => spawnSync(name, ['-c', 'import samba.ndr']).status === 0);
const without = python === undefined ? ' (skipped: no python3-samba)' : '';

describe.skipIf(isMissing || python === undefined)(`Samba${reason}${without}`, () => {
  test('reads the same owner, group, flags and entries from every distinct descriptor of two real domains', () => {
    const distinct = [...new Set(readCorpus().flatMap(({ descriptor }) => descriptor?.toString('base64') ?? []))];
    const { stdout, status } = spawnSync(python ?? '', [join(import.meta.dirname, 'test/unpack.py')], {
      input: distinct.join('\n'),
      maxBuffer: 1 << 26,
    });
    expect(status).toBe(0);
    const lines = stdout.toString().trim().split('\n');
    expect(lines).toHaveLength(distinct.length);
    for (const [index, line] of lines.entries())
      expect(factsOf(parseDescriptor(Buffer.from(distinct[index] ?? '', 'base64'))), line).toEqual(parseSddl(line));
  });
});

const factsOf = ({ owner, group, control, dacl }: Descriptor) => ({
  ...{ owner, group },
  dacl: {
    flags: (['PD', 'DC', 'DI'] as const).filter((flag) => control.includes(flag)),
    entries:
      dacl.state !== 'present'
        ? []
        : dacl.entries.map(({ typeNumber, flagBits, mask, objectType, inheritedObjectType, trustee }) => ({
            ...{ typeNumber, flagBits, mask, objectType, inheritedObjectType, trustee },
          })),
  },
});
