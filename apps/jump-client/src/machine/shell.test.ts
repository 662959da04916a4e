import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { JumpChannel } from '@gatehouse/remote-access/jump';
import { afterEach, expect, test } from 'vitest';
import type { Allowances } from '../settings/index.ts';
import { openShell } from './shell.ts';

const allows: Allowances = { shell: true, files: false, filesMegabytes: 1, hosts: [] };
const use = { kind: 'shell', term: 'xterm', columns: 80, rows: 24 } as const;

const { HOME } = process.env;
let home = '';
// Other tests share this process.
afterEach(async () => {
  if (HOME === undefined) delete process.env.HOME;
  else process.env.HOME = HOME;
  await rm(home, { recursive: true, force: true });
});

/** A home whose profile is this, and nobody's. */
const liveIn = async (profile: string): Promise<void> => {
  home = await mkdtemp(join(tmpdir(), 'gatehouse-shell-'));
  for (const name of ['.profile', '.zprofile']) await writeFile(join(home, name), profile);
  process.env.HOME = home;
};

/** A site that takes nothing before `begins`, and then what there is. */
const slowSite = (begins: Promise<unknown>) => {
  const taken: Buffer[] = [];
  const ended = Promise.withResolvers<void>();
  const stream = new Duplex({
    highWaterMark: 1_024,
    read: () => undefined,
    write(part: Buffer, _encoding, done) {
      void begins.then(() => {
        taken.push(part);
        done();
      });
    },
    final(done) {
      done();
      ended.resolve();
    },
  });
  const nothing = () => undefined;
  const heard = { text: nothing, bytes: nothing, closed: nothing };
  const channel: JumpChannel = { stream, heard, onNote: nothing, say: nothing, fail: nothing };
  return { channel, stream, ended: ended.promise, text: () => Buffer.concat(taken).toString() };
};

test.for([500, 3_000, 50_000, 200_000])(
  'nothing of %i lines is lost when the shell ends long before they are taken',
  async (lines) => {
    await liveIn('');
    const shell = await openShell(allows, use);
    const site = slowSite(pause(1_500));
    shell.carry(site.channel);
    site.stream.push(`stty -echo; seq 1 ${lines}; exit\n`);
    await site.ended;
    expect(site.text()).toContain(`\r\n${lines}\r\n`);
    const numbers = site.text().match(/^\d+\r$/gm) ?? [];
    expect(numbers.length).toBe(lines);
  },
);

test('what a shell says that ends before anybody carries it is there', async () => {
  await liveIn('echo Nobody may be here; exit\n');
  const shell = await openShell(allows, use);
  await pause(1_000);
  const site = slowSite(Promise.resolve());
  shell.carry(site.channel);
  await site.ended;
  expect(site.text()).toContain('Nobody may be here');
});
