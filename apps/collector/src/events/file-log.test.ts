import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { realDisk } from '@gatehouse/host/agent';
import { systemClock } from '@gatehouse/kernel';
import { beforeEach, describe, expect, test } from 'vitest';
import { createDropFolder } from './drop-folder.ts';
import { createSambaLog } from './samba-log.ts';
import { eventXml, readArriving, sambaLine, temporaryFolder, winlogbeatJson } from './testing/reading-events.ts';

let folder: string;
let ledger: string;
beforeEach(() => {
  const temporary = temporaryFolder();
  folder = join(temporary.folder, 'drop');
  mkdirSync(folder);
  ledger = join(temporary.folder, 'ledger.json');
  return () => temporary.remove();
});

const at = (name: string) => join(folder, name);
const put = (name: string, text: string | Uint8Array) => writeFileSync(at(name), text);
const dropFolder = (more: { keeps?: boolean; quietMs?: number } = {}) =>
  createDropFolder({
    ...{ folder, keeps: false, zone: null, disk: realDisk, clock: systemClock, ledger, quietMs: 0 },
    ...more,
  });

describe('a folder of event files', () => {
  test('is read once, file by file, whatever their form', async () => {
    put('a.xml', `<Events>${eventXml(1)}${eventXml(2)}</Events>`);
    put('b.json', `[${winlogbeatJson(3)},\n${winlogbeatJson(4)}]`);
    put('c.ndjson', `${winlogbeatJson(5)}\n${winlogbeatJson(6)}\n`);
    put('d.xml', Buffer.from(`\ufeff${eventXml(7)}`, 'utf16le'));
    const first = await readArriving([dropFolder()]);
    expect(first.recordIds).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(first.caveats).toEqual([]);
    expect(first.leftOut).toEqual([]);
    const second = await readArriving([dropFolder()], first.cursor);
    expect(second.recordIds).toEqual([]);
    // What is kept is put away; a file into which somebody may still write stays.
    expect(readdirSync(folder).sort()).toEqual(['a.xml', 'c.ndjson', 'done']);
    expect(readdirSync(at('done')).sort()).toEqual(['b.json', 'd.xml']);
  });

  test('keeps its files where that is set, and reads none twice', async () => {
    put('a.json', winlogbeatJson(1));
    const first = await readArriving([dropFolder({ keeps: true })]);
    const second = await readArriving([dropFolder({ keeps: true })], first.cursor);
    expect([first.recordIds, second.recordIds]).toEqual([[1], []]);
    expect(readdirSync(folder)).toEqual(['a.json']);
  });

  test('puts away a file that grew no more for an hour', async () => {
    put('a.ndjson', `${winlogbeatJson(1)}\n`);
    const first = await readArriving([dropFolder()]);
    const before = new Date(Date.now() - 2 * 3_600_000);
    utimesSync(at('a.ndjson'), before, before);
    await readArriving([dropFolder()], first.cursor);
    expect(readdirSync(at('done'))).toEqual(['a.ndjson']);
  });

  test('follows a file that grows, and cuts no event that is not finished', async () => {
    put('a.ndjson', `${winlogbeatJson(1)}\n${winlogbeatJson(2).slice(0, 50)}`);
    put('b.xml', `${eventXml(11)}${eventXml(12).slice(0, 90)}`);
    const options = { quietMs: 3_600_000 };
    const first = await readArriving([dropFolder(options)]);
    expect(first.recordIds).toEqual([1, 11]);
    appendFileSync(at('a.ndjson'), `${winlogbeatJson(2).slice(50)}\n${winlogbeatJson(3)}\n`);
    appendFileSync(at('b.xml'), eventXml(12).slice(90));
    const second = await readArriving([dropFolder(options)], first.cursor);
    expect(second.recordIds).toEqual([2, 3, 12]);
    expect([...first.leftOut, ...second.leftOut]).toEqual([]);
  });

  test('waits for a document until nobody writes to it', async () => {
    put('a.json', `[${winlogbeatJson(1)},`);
    const waiting = await readArriving([dropFolder({ quietMs: 3_600_000 })]);
    expect(waiting).toMatchObject({ recordIds: [], caveats: [] });
    appendFileSync(at('a.json'), `${winlogbeatJson(2)}]`);
    expect((await readArriving([dropFolder()], waiting.cursor)).recordIds).toEqual([1, 2]);
  });

  test('reads a file that was put in place of another, though it has the same name and number', async () => {
    put('a.ndjson', `${winlogbeatJson(1)}\n`);
    const first = await readArriving([dropFolder()]);
    put('a.ndjson', `${winlogbeatJson(2)}\n${winlogbeatJson(3)}\n`);
    expect((await readArriving([dropFolder()], first.cursor)).recordIds).toEqual([2, 3]);
  });

  test('says of a file that was cut off how far it had been read', async () => {
    const line = (i: number) => `${winlogbeatJson(i)}\n`;
    put('a.ndjson', line(1) + line(2) + line(3));
    const first = await readArriving([dropFolder()]);
    truncateSync(at('a.ndjson'), line(1).length);
    const second = await readArriving([dropFolder()], first.cursor);
    expect(second.caveats).toMatchObject([{ code: 'event-file-truncated' }]);
    expect(second.caveats[0]?.advice).toContain(`after ${line(1).length * 3} bytes`);
    // Its ids tell what came twice.
    expect(second.ids.every((id) => first.ids.includes(id))).toBe(true);
  });

  test('hands out again what was not kept, and says what was removed before it was', async () => {
    put('a.json', winlogbeatJson(1));
    put('b.json', winlogbeatJson(2));
    expect((await readArriving([dropFolder()])).recordIds).toEqual([1, 2]);
    // Nobody kept the cursor.
    rmSync(at('b.json'));
    const again = await readArriving([dropFolder()]);
    expect(again.recordIds).toEqual([1]);
    expect(again.caveats).toMatchObject([{ code: 'event-file-gone', advice: expect.stringContaining('b.json') }]);
  });

  test('hands out again all that came after what was kept', async () => {
    for (const i of [1, 2, 3]) put(`${i}.json`, winlogbeatJson(i));
    const names = async (from: string | null) => {
      const parts: { name: string; next: string }[] = [];
      for await (const { name, next } of dropFolder().read(from)) parts.push({ name, next });
      return parts;
    };
    const [first] = await names(null);
    expect((await names(first?.next ?? null)).map(({ name }) => name)).toEqual(['2.json', '3.json']);
  });

  test('leads nowhere by links, and takes nothing for events that is none', async () => {
    writeFileSync(join(folder, '..', 'secret.json'), winlogbeatJson(1));
    symlinkSync(join(folder, '..', 'secret.json'), at('link.json'));
    mkdirSync(at('sub'));
    put('sub/inner.json', winlogbeatJson(2));
    put('photo.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]));
    put('z.json', winlogbeatJson(3));
    const { recordIds, caveats } = await readArriving([dropFolder()]);
    expect(recordIds).toEqual([3]);
    expect(caveats).toMatchObject([{ code: 'no-events', advice: expect.stringContaining('photo.png') }]);
  });

  test('that is not there is said', async () => {
    rmSync(folder, { recursive: true });
    await expect(readArriving([dropFolder()])).rejects.toMatchObject({ kind: 'misconfigured' });
  });

  const corpus = resolve(import.meta.dirname, '../../../../../shared/corpora/windows-events');
  const isMissing = !existsSync(corpus);
  test.skipIf(isMissing)(
    `gives every real event once, as many of each id as its files have${isMissing ? ' (skipped: no corpora)' : ''}`,
    { timeout: 120_000 },
    async () => {
      const expected = new Map<string, number>();
      for (const path of readdirSync(corpus, { recursive: true, encoding: 'utf8' })) {
        if (!path.endsWith('.jsonl')) continue;
        copyFileSync(join(corpus, path), at(path.replaceAll('/', '-')));
        const lines = readFileSync(join(corpus, path), 'utf8').split('\n').filter(Boolean).length;
        const id = /_(\d+)\./.exec(path)?.[1] ?? '';
        expected.set(id, (expected.get(id) ?? 0) + lines);
      }
      const { actions, leftOut, cursor } = await readArriving([dropFolder()]);
      const counts = new Map<string, number>();
      for (const action of actions) counts.set(action, (counts.get(action) ?? 0) + 1);
      expect(counts).toEqual(expected);
      expect(leftOut).toEqual([]);
      expect((await readArriving([dropFolder()], cursor)).actions).toEqual([]);
    },
  );
});

describe('Samba’s audit log', () => {
  const path = () => at('audit.json');
  const log = () =>
    createSambaLog({
      ...{ path: path(), computer: 'dc1.corp.example', disk: realDisk, clock: systemClock, ledger, quietMs: 3_600_000 },
    });
  const write = (...numbers: number[]) => appendFileSync(path(), numbers.map(sambaLine).join(''));
  const numbersOf = async (from: string | null) => {
    const read = await readArriving([log()], from);
    return { ...read, count: read.ids.length };
  };

  test('is followed line by line, and where there is none yet there is nothing', async () => {
    const none = await numbersOf(null);
    expect(none).toMatchObject({ count: 0, caveats: [] });
    write(1, 2);
    appendFileSync(path(), sambaLine(3).slice(0, 120));
    const first = await numbersOf(none.cursor);
    expect(first.count).toBe(2);
    appendFileSync(path(), sambaLine(3).slice(120));
    const second = await numbersOf(first.cursor);
    expect(second).toMatchObject({ count: 1, caveats: [], leftOut: [], actions: ['4624'] });
  });

  test('is followed over a rotation by name, to the last line of the old file', async () => {
    write(1, 2);
    const first = await numbersOf(null);
    write(3);
    renameSync(path(), `${path()}.old`);
    write(4, 5);
    const second = await numbersOf(first.cursor);
    expect(second).toMatchObject({ count: 3, caveats: [] });
    rmSync(`${path()}.old`);
    write(6);
    const third = await numbersOf(second.cursor);
    expect(third).toMatchObject({ count: 1, caveats: [] });
    expect(new Set([...first.ids, ...second.ids, ...third.ids]).size).toBe(6);
  });

  test('is followed over a rotation by copy', async () => {
    write(1, 2);
    const first = await numbersOf(null);
    write(3);
    copyFileSync(path(), `${path()}.1`);
    truncateSync(path());
    write(4, 5);
    const second = await numbersOf(first.cursor);
    expect(second).toMatchObject({ count: 3, caveats: [] });
    write(6);
    const third = await numbersOf(second.cursor);
    expect(third).toMatchObject({ count: 1, caveats: [] });
    expect(new Set([...first.ids, ...second.ids, ...third.ids]).size).toBe(6);
  });

  test('that was taken away before its last lines were read is said, with the times', async () => {
    write(1, 2);
    const first = await numbersOf(null);
    write(3);
    rmSync(path());
    write(4);
    const second = await numbersOf(first.cursor);
    expect(second.count).toBe(1);
    expect(second.caveats).toMatchObject([
      { code: 'event-file-gone', advice: expect.stringMatching(/between \d{4}-/) },
    ]);
  });

  test('does not begin with what was rotated away before anyone read it', async () => {
    write(1);
    renameSync(path(), `${path()}.old`);
    write(2);
    expect((await numbersOf(null)).count).toBe(1);
  });
});
