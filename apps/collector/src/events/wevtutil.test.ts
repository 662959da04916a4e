import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventLogQuery } from '@gatehouse/host';
import { beforeEach, describe, expect, test } from 'vitest';
import { eventXml, temporaryFolder } from './testing/reading-events.ts';
import { argumentsOf, failureOf, openWevtutil } from './wevtutil.ts';

let folder: string;
beforeEach(() => {
  const temporary = temporaryFolder();
  folder = temporary.folder;
  return temporary.remove;
});

const query: EventLogQuery = {
  ...{ computer: 'dc1.corp.example', channel: 'Security', eventIds: [4769, 4768, 4770, 4776], after: 123 },
  ...{ since: null, order: 'oldest-first', most: 500 },
};

/** A program in the place of wevtutil.exe: writes down its arguments, then does what the script says. */
const fake = (
  script: string,
  more: { timeoutMs?: number; mostBytes?: number } = {},
  signal = new AbortController().signal,
) => {
  const path = join(folder, 'wevtutil.mjs');
  const args = join(folder, 'arguments.json');
  writeFileSync(
    path,
    `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(args)}, JSON.stringify(process.argv.slice(2)));\n${script}`,
  );
  chmodSync(path, 0o700);
  return {
    logs: openWevtutil({ program: process.execPath, before: [path], signal, ...more }),
    given: () => JSON.parse(readFileSync(args, 'utf8')) as string[],
  };
};
const textOf = async (pieces: AsyncIterable<Uint8Array>) => {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
};

describe('the event logs of Windows', () => {
  test('are asked for by ids and record id, oldest first, bounded, in Unicode', async () => {
    const words = Buffer.from(`\ufeff${eventXml(124)}`, 'utf16le').toString('base64');
    const { logs, given } = fake(`process.stdout.write(Buffer.from('${words}', 'base64'))`);
    expect((await textOf(logs.read(query))).toString('utf16le')).toContain('<EventRecordID>124<');
    expect(given()).toEqual([
      ...['qe', 'Security', '/r:dc1.corp.example'],
      '/q:*[System[((EventID>=4768 and EventID<=4770) or EventID=4776) and EventRecordID>123]]',
      ...['/rd:false', '/c:500', '/f:xml', '/uni:true'],
    ]);
  });

  test('are asked for by time where nothing was read yet, and whole where every id is wanted', () => {
    const since = new Date('2026-01-02T03:04:05.678Z');
    expect(argumentsOf({ ...query, eventIds: [], after: null, since })).toContain(
      "/q:*[System[TimeCreated[@SystemTime>='2026-01-02T03:04:05.678Z']]]",
    );
    const edge = argumentsOf({ ...query, eventIds: [], after: null, order: 'newest-first', most: 1 });
    expect(edge).toEqual(['qe', 'Security', '/r:dc1.corp.example', '/rd:true', '/c:1', '/f:xml', '/uni:true']);
  });

  test.each(['dc1 /u:admin', '-x', '/r:other', 'dc1"', '', 'a'.repeat(300)])('are not asked of “%s”', (computer) => {
    expect(() => argumentsOf({ ...query, computer })).toThrow(/cannot be used/);
  });

  test.each([
    [5, 'forbidden', 'Event Log Readers'],
    [1326, 'forbidden', 'Event Log Readers'],
    [1722, 'unreachable', 'firewall'],
    [87, 'unexpected', 'could not be read'],
  ])('that end with %i are %s, with what to do', (code, kind, words) => {
    expect(failureOf(code, query, 'Zugriff verweigert', 1)).toMatchObject({
      ...{ kind, advice: expect.stringContaining(words), detail: `wevtutil: ${code} Zugriff verweigert` },
    });
  });

  test('that refuse after some events give those, and then why', async () => {
    const { logs } = fake(`process.stdout.write('<Event/>'); process.exitCode = 5`);
    const heard: string[] = [];
    const reading = (async () => {
      for await (const piece of logs.read(query)) heard.push(Buffer.from(piece).toString());
    })();
    await expect(reading).rejects.toMatchObject({ kind: 'forbidden' });
    expect(heard.join('')).toBe('<Event/>');
  });

  test('that do not answer are given up, and the program is ended', async () => {
    const { logs } = fake('setInterval(() => {}, 1000)', { timeoutMs: 300 });
    await expect(textOf(logs.read(query))).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('that give without end are given up', async () => {
    const { logs } = fake(`setInterval(() => process.stdout.write('x'.repeat(65536)), 1)`, { mostBytes: 1_000_000 });
    await expect(textOf(logs.read(query))).rejects.toMatchObject({ kind: 'unexpected' });
  });

  test('are left alone when the read is stopped', async () => {
    const ending = new AbortController();
    const { logs } = fake('setInterval(() => {}, 1000)', {}, ending.signal);
    const reading = textOf(logs.read(query));
    ending.abort(new Error('the collector stops'));
    await expect(reading).rejects.toThrow('the collector stops');
  });

  test('cannot be read where there is no such program', async () => {
    const logs = openWevtutil({ program: join(folder, 'none.exe'), signal: new AbortController().signal });
    await expect(textOf(logs.read(query))).rejects.toMatchObject({ kind: 'unexpected' });
  });
});
