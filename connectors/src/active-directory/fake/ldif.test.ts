import { expect, test } from 'vitest';
import { readLdif } from './ldif.ts';

const read = (text: string) =>
  [...readLdif(text)].map(({ dn, attributes }) => ({
    dn,
    attributes: Object.fromEntries([...attributes].map(([name, values]) => [name, values.map(String)])),
  }));

test('folded lines, base64, comments, the version line and both line ends are read', () => {
  const text = [
    'version: 1',
    '# a comment that goes',
    '  on in the next line',
    'dn: CN=Ada,DC=corp,',
    ' DC=example',
    'cn: Ada',
    'description:: w6QgYQ=',
    ' =',
    'member: CN=a',
    'member:  CN=b',
    'empty:',
    '',
    '',
    'dn:: Q049w6Q=',
    'cn: second',
  ];
  for (const end of ['\n', '\r\n']) {
    expect(read(text.join(end))).toEqual([
      {
        dn: 'CN=Ada,DC=corp,DC=example',
        attributes: { cn: ['Ada'], description: ['ä a'], member: ['CN=a', 'CN=b'], empty: [''] },
      },
      { dn: 'CN=ä', attributes: { cn: ['second'] } },
    ]);
  }
});

test('the entry without a name is the root DSE', () => {
  expect(read('dn:\nhighestCommittedUSN: 5\n')).toEqual([{ dn: '', attributes: { highestCommittedUSN: ['5'] } }]);
});

test('what is not a content record is refused with its line', () => {
  expect(() => read('dn: CN=a\nnonsense\n')).toThrow('line 2');
  expect(() => read('dn: CN=a\n\ndn: CN=b\nphoto:< file:///x\n')).toThrow('line 4');
  expect(() => read('dn: CN=a\nchangetype: modify\n')).toThrow('line 2');
});
