import { Secret } from '@gatehouse/kernel';
import { openFile, sealFile } from '@gatehouse/server';
import { beforeAll, expect, test } from 'vitest';

const passphrase = new Secret('a passphrase of some length');
const parts = ['System_Name,Password\r\n', 'web1,planted\r\n', 'wéb2,"x\r\ny"\r\n'];
let lines: string[];
beforeAll(async () => {
  const text = (async function* () {
    yield* parts;
  })();
  const sealed: string[] = [];
  for await (const line of sealFile(passphrase, text)) sealed.push(line.trimEnd());
  lines = sealed;
});
const open = async (of: readonly string[], by = passphrase) => {
  let text = '';
  const each = (async function* () {
    yield* of;
  })();
  for await (const part of openFile(by, each)) text += part;
  return text;
};

test('a sealed file opens with its passphrase and shows nothing without it', async () => {
  expect(lines).toHaveLength(4);
  expect(lines.join('\n')).not.toMatch(/planted|web1|cGxhbnRlZ/);
  expect(await open(lines)).toBe(parts.join(''));
  await expect(open(lines, new Secret('another passphrase'))).rejects.toMatchObject({ kind: 'unauthorized' });
});

test.each<[string, () => string[]]>([
  ['cut off', () => lines.slice(0, -1)],
  ['without a part', () => lines.toSpliced(2, 1)],
  ['with its parts moved', () => [lines[0] ?? '', lines[2] ?? '', lines[1] ?? '', lines[3] ?? '']],
  ['with more behind it', () => [...lines, lines[1] ?? '']],
  ['with another heading', () => lines.with(0, 'gatehouse-sealed-1 scrypt 2 8 1 AAAAAAAAAAAAAAAAAAAAAA==')],
  ['empty', () => []],
])('a file %s is refused', async (_, changed) => {
  await expect(open(changed())).rejects.toMatchObject({ name: 'Fault' });
});
