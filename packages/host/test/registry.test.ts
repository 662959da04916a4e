import { toFault } from '@gatehouse/kernel';
import { expect, test } from 'vitest';
import { openRegistry } from '../src/index.ts';
import { parseRegistry } from '../src/registry/parse-registry.ts';

const kdc = 'SYSTEM\\CurrentControlSet\\Services\\Kdc';
const hive = 'HKEY_LOCAL_MACHINE';

const printed = (...lines: string[]) => ['', ...lines, '', 'End of search: 3 match(es) found.', ''].join('\r\n');

test('values are read by name and type, and keys below by their path', () => {
  const tree = parseRegistry(
    printed(
      `${hive}\\${kdc}`,
      '    (Default)    REG_SZ    nothing',
      '    DependOnService    REG_MULTI_SZ    RpcSs\\0Afd\\0NTDS',
      '    StrongCertificateBindingEnforcement    REG_DWORD    0x2',
      '    ImagePath    REG_EXPAND_SZ    %SystemRoot%\\System32\\lsass.exe',
      '    Security    REG_BINARY    0100148090',
      '    Nothing    REG_SZ    ',
      '    Two words    REG_SZ    a    b',
      '',
      `${hive}\\${kdc}\\Parameters`,
      '    On    REG_QWORD    0x1ff',
    ),
    kdc,
  );
  const at = (path: string) => Object.fromEntries(tree.get(path)?.values ?? []);
  expect(at('')).toEqual({
    '': { type: 'REG_SZ', text: 'nothing' },
    dependonservice: { type: 'REG_MULTI_SZ', texts: ['RpcSs', 'Afd', 'NTDS'] },
    strongcertificatebindingenforcement: { type: 'REG_DWORD', number: 2 },
    imagepath: { type: 'REG_EXPAND_SZ', text: '%SystemRoot%\\System32\\lsass.exe' },
    security: { type: 'REG_BINARY', bytes: Buffer.from('0100148090', 'hex') },
    nothing: { type: 'REG_SZ', text: '' },
    'two words': { type: 'REG_SZ', text: 'a    b' },
  });
  expect(at('parameters')).toEqual({ on: { type: 'REG_QWORD', number: 0x1ff } });
  expect(tree.get('parameters')?.path).toBe('Parameters');
});

test('the language of the machine and its name before the hive change nothing', () => {
  const tree = parseRegistry(
    printed(`\\\\DC1\\${hive}\\${kdc.toUpperCase()}`, '    (Standard)    REG_SZ    x', '    A    REG_DWORD    0x0'),
    kdc,
  );
  expect([...(tree.get('')?.values.keys() ?? [])]).toEqual(['', 'a']);
});

test('a text with line breaks cannot pass itself off as another value', () => {
  const { values, unclear } = parseRegistry(
    printed(
      `${hive}\\${kdc}`,
      '    Friendly    REG_SZ    x',
      '    EditFlags    REG_DWORD    0x0',
      `${hive}\\${kdc}`,
      '    EditFlags    REG_DWORD    0x11014e',
    ).replace(`${hive}\\${kdc}\r\n    EditFlags    REG_DWORD    0x11014e`, '    EditFlags    REG_DWORD    0x11014e'),
    kdc,
  ).get('') ?? { values: new Map(), unclear: new Set() };
  expect(values.has('editflags')).toBe(false);
  expect([...unclear]).toEqual(['editflags']);
  const twice = parseRegistry(
    printed(`${hive}\\${kdc}`, '    A    REG_DWORD    0x1', `${hive}\\${kdc}`, '    B    REG_DWORD    0x1'),
    kdc,
  );
  expect([...(twice.get('')?.values.keys() ?? [])]).toEqual(['a']);
});

test('data that is not of its type makes a value unclear, and a key elsewhere is none of it', () => {
  const tree = parseRegistry(
    printed(
      `${hive}\\${kdc}`,
      '    A    REG_DWORD    many',
      '    B    REG_BINARY    0z',
      '    C    REG_LINK    somewhere',
      `${hive}\\${kdc}Other`,
      `${hive}\\SOFTWARE`,
    ),
    kdc,
  );
  expect([...tree.keys()]).toEqual(['']);
  expect([...(tree.get('')?.unclear ?? [])]).toEqual(['a', 'b', 'c']);
});

test('no input crashes or stalls the reader', () => {
  let seed = 7;
  const next = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    return seed % below;
  };
  const pieces = [
    hive,
    '\\',
    kdc,
    '    ',
    ' ',
    'REG_SZ',
    'REG_DWORD',
    '0x',
    'ff',
    '\r\n',
    '\n',
    '(',
    ')',
    '\u0000',
    'ü',
    '\\0',
    'REG_',
  ];
  for (let i = 0; i < 3_000; i++) {
    const text = Array.from({ length: next(60) }, () => pieces[next(pieces.length)]).join('');
    expect(parseRegistry(text, kdc)).toBeInstanceOf(Map);
  }
  const begun = performance.now();
  for (const long of [
    ' '.repeat(500_000),
    '    '.repeat(100_000),
    '    REG_'.repeat(50_000),
    `${hive}\\`.repeat(20_000),
  ])
    parseRegistry(`${hive}\\${kdc}\r\n    ${long}`, kdc);
  expect(performance.now() - begun).toBeLessThan(5_000);
});

/** Stands for reg.exe: a program that prints, by the key it is asked for. */
const program = (script: string, more: { readonly timeoutMs?: number; readonly maxBytes?: number } = {}) =>
  openRegistry({
    ...{ program: process.execPath, before: ['-e', script, '--'], signal: new AbortController().signal },
    ...more,
  });
const answering = (answers: Readonly<Record<string, string>>) =>
  program(
    `const [, command, key] = process.argv; const text = ${JSON.stringify(answers)}[key];
     if (command !== 'query' || text === undefined) process.exit(1); process.stdout.write(text)`,
  );
const faultOf = (work: Promise<unknown>) =>
  work.then(
    (value) => ({ kind: `answered ${String(value)}`, advice: '' }),
    (error: unknown) => toFault(error),
  );

test('a key of another machine is read by the program of Windows', async () => {
  const registry = answering({
    [`\\\\dc1.corp.example\\HKLM\\${kdc}`]: printed(`${hive}\\${kdc}`, '    A    REG_DWORD    0x1'),
  });
  expect((await registry.read('dc1.corp.example', kdc))?.get('')?.values.get('a')).toEqual({
    type: 'REG_DWORD',
    number: 1,
  });
});

test('a key that is missing is told from one that may not be read, in no language', async () => {
  const services = 'SYSTEM\\CurrentControlSet\\Services';
  const [around, with_] = [`\\\\dc1\\HKLM\\${services}`, printed(`${hive}\\${services}`, `${hive}\\${services}\\Kdc`)];
  expect(await answering({ [around]: printed(`${hive}\\${services}`) }).read('dc1', kdc)).toBeNull();
  expect((await faultOf(answering({ [around]: with_ }).read('dc1', kdc))).kind).toBe('forbidden');
  expect((await faultOf(answering({}).read('dc1', kdc))).kind).toBe('forbidden');
});

test('a program that is missing, hangs or says too much is a fault', async () => {
  const missing = openRegistry({ program: '/nowhere/reg.exe', signal: new AbortController().signal });
  expect((await faultOf(missing.read('dc1', kdc))).kind).toBe('unexpected');
  expect((await faultOf(program('setInterval(() => 0, 1000)', { timeoutMs: 400 }).read('dc1', kdc))).kind).toBe(
    'unreachable',
  );
  const loud = program('for (;;) require("fs").writeSync(1, "x".repeat(1000))', { maxBytes: 1_000_000 });
  expect((await faultOf(loud.read('dc1', kdc))).kind).toBe('unexpected');
});

test('a run that is stopped stops the program with its own reason', async () => {
  const stop = new AbortController();
  const registry = openRegistry({
    ...{ program: process.execPath, before: ['-e', 'setInterval(() => 0, 1000)', '--'], signal: stop.signal },
  });
  const reading = registry.read('dc1', kdc);
  const reason = new Error('the reading was stopped');
  stop.abort(reason);
  await expect(reading).rejects.toBe(reason);
});

test.each([...['', '-x', '/s', 'dc1 /f', 'dc1\\share', '"dc1"', 'dc1&calc', `${'a'.repeat(300)}`, '.']])(
  'the name %j is no machine',
  async (machine) => {
    expect((await faultOf(answering({}).read(machine, kdc))).kind).toBe('unexpected');
  },
);

test.each(['', '\\x', 'a\\', 'a" /f', 'a\nb', 'a/b'])('the key %j is none', async (key) => {
  expect((await faultOf(answering({}).read('dc1', key))).kind).toBe('unexpected');
});
