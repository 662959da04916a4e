import { randomBytes } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';
import { inspect } from 'node:util';
import { Fault, Secret } from '@gatehouse/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Account, noOpenSsh, type OpenSsh, startOpenSsh } from '../../../test/servers/openssh/server.ts';
import type { LogLine } from '../src/exchange.ts';
import {
  type Answerer,
  type HostTrust,
  makeSshKey,
  openSsh,
  publicKeyOf,
  type Ssh,
  type SshOptions,
  sshProblemOf,
} from '../src/index.ts';

const reason = noOpenSsh();

const all = async <T>(of: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const one of of) found.push(one);
  return found;
};

const account = (name: string, offers: Account['offers'] = 'password'): Account => ({
  name,
  offers,
  password: `planted-${name}-${randomBytes(6).toString('hex')}`,
});
const ada = account('ada');
const kim = account('kim', 'keyboard-interactive');
const both = account('both', 'both');
const keyed = account('keyed', 'publickey');
const stale = account('stale', 'keyboard-interactive');
const gone = account('gone');
const locked = account('locked', 'keyboard-interactive');
const accounts = [ada, kim, both, keyed, stale, gone, locked];

describe.skipIf(reason !== null)(`SSH to OpenSSH${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let server: OpenSsh;
  const lines: LogLine[] = [];
  const opened: Ssh[] = [];
  beforeAll(async () => {
    server = await startOpenSsh(accounts);
  });
  afterAll(async () => {
    for (const ssh of opened) ssh.close();
    await server?.stop();
  });

  const optionsFor = (
    as: Account,
    more: Partial<SshOptions> & { given?: string; answer?: Answerer } = {},
  ): SshOptions => {
    const { given = as.password, answer, ...others } = more;
    return {
      ...{ host: server.address, port: server.port, system: 'Lab', account: as.name },
      trust: { kind: 'pinned', fingerprints: [server.hostKeys.ed25519] },
      proof: { kind: 'password', password: new Secret(given), ...(answer && { answer }) },
      ...others,
    };
  };
  const signal = new AbortController().signal;
  const open = async (...of: Parameters<typeof optionsFor>): Promise<Ssh> => {
    const ssh = await openSsh(optionsFor(...of), { signal, log: (line) => lines.push(line) });
    opened.push(ssh);
    return ssh;
  };
  const failure = (...of: Parameters<typeof optionsFor>): Promise<unknown> =>
    open(...of).then(
      () => null,
      (error: unknown) => error,
    );

  test('lets in with the right password and tells a wrong one from every other failure', async () => {
    for (const as of [ada, kim, both]) {
      const ssh = await open(as);
      expect(await ssh.exec('id -un')).toMatchObject({ code: 0, stdout: `${as.name}\n` });
      const wrong = await failure(as, { given: `${as.password}x` });
      expect(wrong).toMatchObject({ kind: 'unauthorized', problem: 'refused' });
      expect(await failure({ ...as, name: 'nobody-here' }, { given: as.password })).toMatchObject({
        problem: 'refused',
      });
    }
    expect(await failure(ada, { port: 1 })).toMatchObject({ kind: 'unreachable', problem: 'no connection' });
    expect(await failure(keyed)).toMatchObject({ kind: 'misconfigured', problem: 'no method' });
  });

  test('shows a password once, however many ways the host offers', async () => {
    const failures = () => server.asRoot(`faillock --user ${both.name} | grep -c RHOST || true`);
    await server.asRoot(`faillock --user ${both.name} --reset`);
    await failure(both, { given: 'planted-wrong' });
    expect(await failures()).toBe('1\n');
    await server.asRoot(`faillock --user ${both.name} --reset`);
  });

  test('sends nothing to a host with another key, and says which key came', async () => {
    const { ed25519, rsa } = server.hostKeys;
    const before = server.log().length;
    const pinned: HostTrust = { kind: 'pinned', fingerprints: [ed25519.replace(/SHA256:.{5}/, 'SHA256:AAAAA')] };
    const fault = await failure(ada, { trust: pinned });
    expect(fault).toMatchObject({ kind: 'misconfigured', problem: 'host key' });
    expect(fault instanceof Fault && fault.advice).toContain(ed25519);
    expect(fault instanceof Fault && fault.advice).toContain('SHA256:AAAAA');
    await later(100);
    expect(server.log().slice(before)).not.toContain(ada.name);
    expect((await open(ada, { trust: { kind: 'pinned', fingerprints: [rsa] } })).hostKey.type).toBe('ssh-rsa');
    const bare = ed25519.split(' ')[1] ?? '';
    expect((await open(ada, { trust: { kind: 'pinned', fingerprints: [bare] } })).hostKey.type).toBe('ssh-ed25519');
    for (const fingerprints of [[], ['SHA256:short'], ['-oProxyCommand=x']])
      expect(await failure(ada, { trust: { kind: 'pinned', fingerprints } })).toMatchObject({ kind: 'misconfigured' });
  });

  test('asks the caller about a key on first use', async () => {
    const seen: string[] = [];
    const decide = (isRight: boolean): HostTrust => ({
      kind: 'first-use',
      onHostKey: (key) => {
        seen.push(`${key.type} ${key.fingerprint}`);
        return isRight;
      },
    });
    expect((await open(ada, { trust: decide(true) })).hostKey.type).toBe('ssh-ed25519');
    expect(await failure(ada, { trust: decide(false) })).toMatchObject({ kind: 'misconfigured', problem: 'host key' });
    expect(seen).toEqual([server.hostKeys.ed25519, server.hostKeys.ed25519]);
  });

  test('settles a host key once, though long connections show it again', async () => {
    let times = 0;
    const onHostKey = () => ++times > 0;
    const ssh = await open(ada, { trust: { kind: 'first-use', onHostKey } });
    // The server changes its session keys every four megabytes.
    for (let i = 0; i < 3; i++)
      expect(await ssh.exec('head -c 5000000 /dev/zero', { maxBytes: 6_000_000 })).toMatchObject({ code: 0 });
    expect(times).toBe(1);
  });

  test('signs in with keys made here, encrypted or not', async () => {
    const passphrase = new Secret('planted-passphrase');
    for (const [algorithm, lock] of [
      ['ed25519', null],
      ['ed25519', passphrase],
      ['rsa', null],
    ] as const) {
      const { privateKey, publicKey } = await makeSshKey(algorithm, { passphrase: lock, bits: 2_048 });
      if (lock === null) expect(publicKeyOf(privateKey, lock)).toEqual(publicKey);
      const proof = { kind: 'key', privateKey, passphrase: lock } as const;
      expect(await failure(keyed, { proof })).toMatchObject({ kind: 'unauthorized', problem: 'refused' });
      const home = `/home/${keyed.name}/.ssh`;
      await server.asRoot(
        `mkdir -p ${home}; cat > ${home}/authorized_keys; chown -R ${keyed.name}:${keyed.name} ${home}`,
        `${publicKey.type} ${publicKey.base64}\n`,
      );
      expect(await (await open(keyed, { proof })).exec('id -un')).toMatchObject({ stdout: 'keyed\n' });
      if (lock === null) continue;
      const wrong = { ...proof, passphrase: new Secret('planted-other') };
      expect(await failure(keyed, { proof: wrong })).toMatchObject({
        kind: 'misconfigured',
        problem: 'unreadable key',
      });
    }
  });

  test('signs in with certificates of Ed25519 and RSA keys, and only with their own', async () => {
    const passphrase = null;
    const sign = async (line: string, names: string) => {
      const file = '/home/certificate.pub';
      await server.asRoot(`cat > ${file}; ssh-keygen -q -s /etc/ssh/user_ca -I test -n ${names} -V +1h ${file}`, line);
      return server.asRoot('cat /home/certificate-cert.pub');
    };
    for (const algorithm of ['ed25519', 'rsa'] as const) {
      const { privateKey, publicKey } = await makeSshKey(algorithm, { bits: 2_048 });
      const line = `${publicKey.type} ${publicKey.base64}\n`;
      const certificate = await sign(line, keyed.name);
      const proof = { kind: 'key', privateKey, passphrase, certificate } as const;
      expect(await (await open(keyed, { proof })).exec('id -un')).toMatchObject({ stdout: 'keyed\n' });
      // For another account.
      const wrong = { ...proof, certificate: await sign(line, 'ada') };
      expect(await failure(keyed, { proof: wrong })).toMatchObject({ kind: 'unauthorized', problem: 'refused' });
      const other = (await makeSshKey('ed25519')).privateKey;
      for (const bad of [
        { ...proof, privateKey: other },
        { ...proof, certificate: line },
        { ...proof, certificate: '' },
      ])
        expect(await failure(keyed, { proof: bad })).toMatchObject({
          kind: 'misconfigured',
          problem: 'unreadable key',
        });
    }
  });

  test('changes an expired password in the sign-in, and says that it has expired where nobody answers', async () => {
    const next = `planted-next-${randomBytes(6).toString('hex')}`;
    await server.asRoot(`chage -d 0 ${stale.name}`);
    expect(await failure(stale)).toMatchObject({ kind: 'forbidden', problem: 'expired' });
    expect(await failure(stale, { given: 'planted-wrong-one' })).toMatchObject({ problem: 'refused' });
    const asked: string[] = [];
    const ssh = await open(stale, {
      answer: ({ prompts }) => {
        asked.push(...prompts.map(({ text }) => text.trim().split('\n').at(-1) ?? ''));
        return prompts.map(({ text }) => new Secret(/current/i.test(text) ? stale.password : next));
      },
    });
    expect(asked).toEqual(['Current password:', 'New password:', 'Retype new password:']);
    expect(await ssh.exec('id -un')).toMatchObject({ stdout: 'stale\n' });
    expect(await failure(stale)).toMatchObject({ problem: 'refused' });
    expect(await (await open(stale, { given: next })).exec('true')).toMatchObject({ code: 0 });
  });

  test('tells a locked account and an expired account from a wrong password', async () => {
    for (let i = 0; i < 3; i++) await failure(locked, { given: `planted-wrong-${i}` });
    expect(await failure(locked)).toMatchObject({ kind: 'forbidden', problem: 'locked' });
    await server.asRoot(`usermod -e 1990-01-01 ${gone.name}`);
    expect(await failure(gone)).toMatchObject({ kind: 'forbidden', problem: 'account' });
    expect(await failure(gone, { given: 'planted-wrong' })).toMatchObject({ problem: 'refused' });
  });

  test('runs a command with input, both outputs and its code', async () => {
    const ssh = await open(ada);
    const secret = new Secret('planted-standard-input');
    const done = await ssh.exec('tr a-z A-Z; echo beside >&2; exit 7', { stdin: secret });
    expect(done).toEqual({ code: 7, signal: null, stdout: 'PLANTED-STANDARD-INPUT', stderr: 'beside\n' });
    expect(await ssh.exec('kill -KILL $$')).toMatchObject({ code: null, signal: 'SIGKILL' });
    expect(await ssh.exec('head -c 1', { stdin: 'x'.repeat(4_000_000) })).toMatchObject({ code: 0, stdout: 'x' });
  });

  test('ends a command that takes too long or prints too much', async () => {
    const ssh = await open(ada);
    const slow = await ssh.exec('sleep 987', { timeoutMs: 300 }).catch(sshProblemOf);
    expect(slow).toBe('timeout');
    const loud = await ssh.exec('yes', { maxBytes: 100_000 }).catch(sshProblemOf);
    expect(loud).toBe('too much');
    await expect.poll(async () => (await ssh.exec('pgrep -x yes | wc -l')).stdout, { timeout: 5_000 }).toBe('0\n');
  });

  test('says that nobody knows how a command ended when the connection is cut', async () => {
    const ssh = await open(ada);
    const running = ssh.exec('sleep 60; echo done').catch((error: unknown) => error);
    await expect.poll(() => server.asRoot('pgrep -f "[s]leep 60" | wc -l')).not.toBe('0\n');
    await server.asRoot(`pkill -KILL -f "[s]shd: ${ada.name}"`);
    expect(await running).toMatchObject({ kind: 'unreachable', problem: 'cut' });
    await ssh.closed;
    expect(await ssh.exec('true').catch(sshProblemOf)).toBe('cut');
  });

  test('gives a terminal that can be typed on, resized and left', async () => {
    const ssh = await open(ada);
    const shell = await ssh.terminal({ term: 'xterm-256color', size: { columns: 81, rows: 25 } });
    let shown = '';
    shell.stream.on('data', (part) => {
      shown += part;
    });
    shell.stream.write('stty size; echo $TERM\n');
    await expect.poll(() => shown, { timeout: 5_000 }).toMatch(/25 81\r\n[\s\S]*xterm-256color/);
    shell.resize({ columns: 132, rows: 43 });
    shell.stream.write('stty size; exit 4\n');
    expect(await shell.ended).toEqual({ code: 4, signal: null });
    expect(shown).toContain('43 132');
  });

  test('makes the host wait for a slow reader', async () => {
    const ssh = await open(ada);
    const flood = await ssh.terminal({
      ...{ term: 'dumb', size: { columns: 80, rows: 24 } },
      command: 'head -c 30000000 /dev/zero; echo over >&2',
    });
    await later(300);
    // Nothing was taken: the host may not have sent more than two windows.
    expect(flood.stream.readableLength).toBeLessThanOrEqual(4 * 1024 * 1024);
    let bytes = 0;
    for await (const part of flood.stream) bytes += part.length;
    expect(bytes).toBeGreaterThanOrEqual(30_000_000);
  });

  test('lists, reads, writes, renames and removes files', async () => {
    const files = await (await open(ada)).files();
    const content = randomBytes(3_000_000);
    await files.makeFolder('box');
    await files.write('box/a', [content.subarray(0, 1_000_000), content.subarray(1_000_000)]);
    await files.write('box/b', [Buffer.from('b')], 0o640);
    const listed = (await all(files.list('box'))).toSorted((a, b) => a.name.localeCompare(b.name));
    expect(listed).toMatchObject([
      { name: 'a', kind: 'file', bytes: 3_000_000, mode: 0o600 },
      { name: 'b', kind: 'file', bytes: 1, mode: 0o640 },
    ]);
    expect(Buffer.concat(await all(files.read('box/a'))).equals(content)).toBe(true);
    expect(Buffer.concat(await all(files.read('box/a', 2_999_999))).equals(content.subarray(-1))).toBe(true);
    await files.rename('box/a', 'box/b');
    expect(await files.find('box/a')).toBeNull();
    expect(await files.find('box/b')).toMatchObject({ bytes: 3_000_000 });
    await files.remove('box/b');
    await files.removeFolder('box');
    expect(await files.find('box')).toBeNull();
    const refused = (work: Promise<unknown>) => work.catch((error: unknown) => error);
    expect(await refused(all(files.read('/etc/shadow')))).toMatchObject({ kind: 'forbidden' });
    expect(await refused(files.write('/etc/x', [content]))).toMatchObject({ kind: 'forbidden' });
    expect(await refused(files.remove('nothing'))).toMatchObject({ kind: 'misconfigured', problem: 'no such file' });
    files.close();
    expect(await refused(files.remove('nothing'))).toMatchObject({ kind: 'unreachable', problem: 'cut' });
  });

  test('ends whatever it does when it is aborted', async () => {
    const stop = new AbortController();
    const ssh = await openSsh(optionsFor(ada), { signal: stop.signal });
    const running = ssh.exec('sleep 60').catch((error: unknown) => error);
    stop.abort(new Error('enough'));
    expect(await running).toMatchObject({ message: 'enough' });
    await ssh.closed;
    await expect(openSsh(optionsFor(ada), { signal: stop.signal })).rejects.toThrow('enough');
  });

  test('puts no secret into a fault, a log line or the process list', async () => {
    const ssh = await open(ada);
    const listed = await ssh.exec('cat /proc/[0-9]*/cmdline', { stdin: new Secret('planted-in-process-list') });
    const faults = [await failure(ada, { given: 'planted-wrong' }), await failure(kim, { given: 'planted-wrong' })];
    const written = inspect([faults, lines, listed, ssh], { depth: 10 }) + JSON.stringify(faults) + server.log();
    expect(written).not.toContain('planted-');
    expect(lines.length).toBeGreaterThan(20);
  });
});
