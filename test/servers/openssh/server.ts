import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { freePort } from '../free-port.ts';
import { run } from '../samba/run.ts';
import { type Account, pam, type Rekeying, script, sshdConfiguration } from './configuration.ts';

export type { Account } from './configuration.ts';
export { noOpenSsh } from './no-openssh.ts';

/** A running sshd with accounts that exist nowhere else: the machine's own are neither used nor seen. */
export interface OpenSsh extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** Fingerprints with their types, as OpenSSH prints them. */
  readonly hostKeys: { readonly ed25519: string; readonly rsa: string };
  /** Everything that the server has logged so far. */
  log(): string;
  /** Runs a shell script inside as root, and gives what it printed. Its text is visible in the process list. */
  asRoot(script: string, input?: string): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts a server in namespaces of processes and mounts: the kernel ends everything with its first process, which ends
 * with us, and what accounts are made of is a copy in memory. Tests that use it are named `*.ssh.test.ts`.
 */
export const startOpenSsh = async (
  accounts: readonly Account[],
  { rekeying = 'often' }: { readonly rekeying?: Rekeying } = {},
): Promise<OpenSsh> => {
  const port = await freePort();
  const holder = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
      ...['sh', '-c', script, 'sh', String(port)],
    ],
    { cwd: '/', env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }, stdio: 'pipe' },
  );
  const ended = once(holder, 'close');
  let log = '';
  let printed = '';
  holder.stderr.on('data', (part) => {
    log += part;
  });
  holder.stdout.on('data', (part) => {
    printed += part;
  });
  holder.stdin.on('error', () => undefined);
  holder.stdin.end(filled(accounts, rekeying));
  const stop = async () => {
    killFirst(holder);
    await ended;
  };
  try {
    await listening(port, holder, () => log);
    const [ed25519, rsa] = printed
      .split('\n')
      .filter((line) => line.startsWith('ssh-'))
      .map(fingerprintOf);
    if (ed25519 === undefined || rsa === undefined) throw new Error(`There are no host keys. ${log}`);
    return {
      ...{ address: '127.0.0.1', port, hostKeys: { ed25519, rsa }, stop },
      log: () => log,
      asRoot: (text, input = '') =>
        run('nsenter', ['--target', String(firstOf(holder)), '--mount', '--pid', 'sh', '-euc', text], { input }),
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** What the script reads. */
const filled = (accounts: readonly Account[], rekeying: Rekeying): string => {
  const sudoers = accounts
    .filter(({ maySudo }) => maySudo)
    .map(({ name }) => `${name} ALL=(root) NOPASSWD: /usr/sbin/chpasswd\n`)
    .join('');
  const files: Readonly<Record<string, string>> = {
    '/etc/sudoers': sudoers,
    '/etc/ssh/sshd_config': sshdConfiguration(accounts, rekeying),
    ...Object.fromEntries(Object.entries(pam).map(([name, text]) => [`/etc/pam.d/${name}`, text])),
  };
  return [
    Object.keys(files).length,
    ...Object.entries(files).flatMap(([path, text]) => [path, Buffer.from(text).toString('base64')]),
    accounts.length,
    ...accounts.flatMap(({ name, password, isRoot }) => [name, password, isRoot ? 'root' : 'person']),
    '',
  ].join('\n');
};

const fingerprintOf = (line: string): string => {
  const [type = '', base64 = ''] = line.split(' ');
  const digest = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64');
  return `${type} SHA256:${digest.replace(/=+$/, '')}`;
};

const deadlineMs = 30_000;

const listening = async (port: number, holder: ChildProcess, log: () => string): Promise<void> => {
  const deadline = Date.now() + deadlineMs;
  while (!(await answers(port))) {
    if (holder.exitCode !== null || Date.now() > deadline) throw new Error(`sshd did not start. ${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const settle = (does: boolean) => {
      socket.destroy();
      resolve(does);
    };
    socket.once('data', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('close', () => settle(false));
  });

/** The first process of the namespace: when it ends, the kernel ends all the others. */
export const killFirst = (holder: ChildProcess): void => {
  const first = firstOf(holder);
  if (first === null) holder.kill('SIGKILL');
  else process.kill(first, 'SIGKILL');
};

export const firstOf = ({ pid }: ChildProcess): number | null => {
  try {
    const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    return first ?? null;
  } catch {
    // It has ended.
    return null;
  }
};
