import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { noSsh, runThere } from '../testing/index.ts';
import type { ServedSsh } from './serve-ssh.ts';

const reason = noSsh();
const isRoot = process.getuid?.() === 0;

interface Served extends Pick<ServedSsh, 'address' | 'port' | 'account' | 'hostKey' | 'isNew'> {
  readonly child: ChildProcess;
  newPassword(): Promise<string>;
  stop(): Promise<void>;
}

const children: ChildProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An account of nobody, as an ordinary user is: as root the tests try it as this one, too. */
const somebody = 42_420;

const folderOf = (uid: number | undefined): string => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-sample-server-'));
  folders.push(folder);
  if (uid !== undefined) chownSync(folder, uid, uid);
  return folder;
};

const serve = async (folder: string, uid?: number): Promise<Served> => {
  const child = fork(join(import.meta.dirname, '../testing/ssh-process.ts'), [folder], {
    ...{ execArgv: [], stdio: 'inherit', env: { ...process.env, NODE_NO_WARNINGS: '1' } },
    ...(uid !== undefined && { uid, gid: uid }),
  });
  children.push(child);
  const answer = async (word?: string) => {
    const said = once(child, 'message');
    if (word !== undefined) child.send(word);
    return (await said)[0];
  };
  return {
    ...Object(await answer()),
    child,
    newPassword: async () => String(Object(await answer('new password')).password),
    stop: async () => {
      const gone = once(child, 'exit');
      child.send('stop');
      await gone;
    },
  };
};

/** What runs for this folder, whoever it belongs to. */
const runningFor = (folder: string): readonly string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`machine.sh\0${folder}`);
    } catch {
      // It ended while we looked.
      return false;
    }
  });

const ways: readonly (readonly [string, number | undefined])[] = isRoot
  ? [
      ['started by root', undefined],
      ['started by somebody without rights', somebody],
    ]
  : [['started by this account', undefined]];

describe.skipIf(reason !== null)(`the sample server${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  describe.each(ways)('%s', (_, uid) => {
    test('lets its account in with the password it was given, which the account changes itself with passwd', async () => {
      const server = await serve(folderOf(uid), uid);
      expect(server).toMatchObject({ account: 'deploy', isNew: true });
      const first = await server.newPassword();
      expect(await runThere(server, 'some other password', 'id -un')).toBeNull();
      expect(await runThere(server, first, 'id -un; hostname')).toBe('deploy\nweb1\n');
      const second = 'Another-one-of-a-test-7';
      expect(
        await runThere(server, first, `printf '%s\\n' '${first}' '${second}' '${second}' | passwd`),
      ).not.toBeNull();
      expect(await runThere(server, first, 'id -un')).toBeNull();
      expect(await runThere(server, second, 'id -un')).toBe('deploy\n');
    });

    test('shows nothing of the machine but its programs, and has no rights that could change them', async () => {
      const folder = folderOf(uid);
      writeFileSync(join(folder, 'secret'), 'of the machine');
      const server = await serve(folder, uid);
      const password = await server.newPassword();
      const there = (command: string) => runThere(server, password, command);
      expect(await there('ls -d /root /tmp/* /work /home/* /old 2>/dev/null')).toBe('/home/deploy\n');
      expect(await there(`cat ${folder}/secret 2>/dev/null`)).toBe('');
      expect(await there('cut -d: -f1 /etc/passwd')).toBe('root\ndeploy\n');
      expect(await there('touch /usr/made 2>/dev/null || echo no')).toBe('no\n');
      expect(await there('grep -E "^(CapEff|CapPrm|CapAmb|NoNewPrivs)" /proc/self/status')).toBe(
        `CapPrm:\t${'0'.repeat(16)}\nCapEff:\t${'0'.repeat(16)}\nCapAmb:\t${'0'.repeat(16)}\nNoNewPrivs:\t1\n`,
      );
      // The first process belongs to whoever started Gatehouse; as root it must be out of reach.
      if (isRoot && uid === undefined) expect(await there('kill -TERM 1 2>/dev/null || echo no')).toBe('no\n');
    });

    test('has the same key, password and home at the next start, and nothing else that was put into it', async () => {
      const folder = folderOf(uid);
      const first = await serve(folder, uid);
      const password = await first.newPassword();
      await runThere(
        first,
        password,
        'echo kept > ~/note; rm -rf /etc/pam.d; ln -s /tmp /etc/pam.d; echo x > /etc/ld.so.preload',
      );
      await first.stop();
      const next = await serve(folder, uid);
      expect(next).toMatchObject({ hostKey: first.hostKey, isNew: false });
      expect(await runThere(next, password, 'cat ~/note; ls /etc/pam.d; ls /etc/ld.so.preload 2>/dev/null')).toBe(
        'kept\nchpasswd\nother\npasswd\n',
      );
      expect(await next.newPassword()).not.toBe(password);
      expect(await runThere(next, password, 'id -un')).toBeNull();
    });

    test('ends with the process that started it, also when that is killed, and leaves nothing running', async () => {
      const folder = folderOf(uid);
      const stopped = await serve(folder, uid);
      expect(runningFor(folder).length).toBeGreaterThan(0);
      await stopped.stop();
      expect(runningFor(folder)).toEqual([]);
      const killed = await serve(folder, uid);
      // Somebody is inside.
      const busy = runThere(killed, await killed.newPassword(), 'echo in; sleep 300');
      const cut = expect(busy).rejects.toThrow();
      await expect
        .poll(() => readFileSync(join(folder, 'ssh/sshd.log'), 'utf8'), { timeout: 20_000 })
        .toContain('Starting session');
      killed.child.kill('SIGKILL');
      await cut;
      await expect.poll(() => runningFor(folder), { timeout: 5_000 }).toEqual([]);
    });
  });

  test.skipIf(!isRoot)(
    `an account that planted links in its folder makes root write nowhere outside${isRoot ? '' : ' (only root can try it)'}`,
    async () => {
      const folder = folderOf(undefined);
      const first = await serve(folder);
      const password = await first.newPassword();
      await first.stop();
      const outside = join(folder, 'outside');
      mkdirSync(outside);
      chmodSync(outside, 0o755);
      const etc = join(folder, 'ssh/etc');
      for (const name of ['motd', 'shadow', 'ssh', 'pam.d']) {
        rmSync(join(etc, name), { recursive: true });
        symlinkSync(join(outside, name), join(etc, name));
      }
      const next = await serve(folder);
      expect(await runThere(next, password, 'id -un')).toBeNull();
      expect(await runThere(next, await next.newPassword(), 'id -un')).toBe('deploy\n');
      expect(readdirSync(outside)).toEqual([]);
      expect(existsSync(join(etc, 'motd'))).toBe(true);
    },
  );
});
