import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { Secret } from '@gatehouse/kernel';
import { account, dropping, filesOf, machineName, uid } from './machine.ts';
import { findProgram, noSsh, path } from './no-ssh.ts';

/** A Linux server of the sample organisation: the machine's own OpenSSH, with an account that only it has. */
export interface ServedSsh {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** `ssh-ed25519 SHA256:…` */
  readonly hostKey: string;
  readonly account: string;
  /** Whether its account never had a password before this start. */
  readonly isNew: boolean;
  /** Gives the account a new password, whatever it had. For whoever lost it, as an administrator of a server would. */
  newPassword(): Promise<Secret>;
  close(): Promise<void>;
}

/** The server, or why there is none and what to do about it, in one sentence. */
export type SshOrWhyNot = ServedSsh | { readonly whyNot: string };

/**
 * Starts it in namespaces of its own, at the port of the first start where that is free. Its accounts, its host key and what
 * was left in the home of its account are kept in `<folder>/ssh`.
 */
export const serveSsh = async (folder: string): Promise<SshOrWhyNot> => {
  const whyNot = noSsh();
  if (whyNot !== null) return { whyNot };
  const own = join(folder, 'ssh');
  try {
    return await start(own);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { whyNot: `The sample server did not start: ${words}. ${join(own, logName)} says more.` };
  }
};

const usual = 8_495;
const logName = 'sshd.log';

const start = async (folder: string): Promise<ServedSsh> => {
  for (const name of ['etc', 'home']) mkdirSync(join(folder, name), { recursive: true, mode: 0o755 });
  const port = await choosePort(join(folder, 'port'));
  const hostKey = join(folder, 'host_ed25519');
  if (!existsSync(hostKey)) execFileSync('unshare', [...asRoot(), ...makeKey, hostKey], { env: { PATH: path } });
  const files = filesOf(findProgram('bash') === null ? '/bin/sh' : '/bin/bash', port, readFileSync(hostKey, 'utf8'));
  const isNew = !existsSync(join(folder, 'etc/shadow'));
  let running = await run(folder, port, files, null);
  return {
    ...{ name: machineName, address: '127.0.0.1', port, account: account.name, isNew },
    hostKey: fingerprintOf(readFileSync(`${hostKey}.pub`, 'utf8')),
    async newPassword() {
      const password = new Secret(randomBytes(18).toString('base64url'));
      // Set before anybody can be inside: what sets it has rights that nobody there may have.
      await running.close();
      running = await run(folder, port, files, password);
      return password;
    },
    close: () => running.close(),
  };
};

/** Rights over what one has anyway, where they are not there from the beginning. */
const asRoot = (): readonly string[] => (process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']);

/** Within, because it makes keys for those alone who have a name on the machine. */
const makeKey = ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', '', '-f'];

interface Running {
  close(): Promise<void>;
}

const run = async (
  folder: string,
  port: number,
  files: Readonly<Record<string, string>>,
  password: Secret | null,
): Promise<Running> => {
  const holder = begin(folder);
  const ended = once(holder, 'close');
  const close = async () => {
    // The end of its input is the end of all of it.
    holder.stdin.end();
    const timer = setTimeout(() => holder.kill('SIGKILL'), 2_000);
    await ended;
    clearTimeout(timer);
  };
  try {
    const lines = Object.entries(files).flatMap(([name, text]) => [name, Buffer.from(text).toString('base64')]);
    const change = password === null ? '' : `${account.name}:${password.reveal()}`;
    holder.stdin.write([Object.keys(files).length, ...lines, change, ''].join('\n'));
    await listening(port, holder);
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
};

const begin = (folder: string) => {
  const isRoot = process.getuid?.() === 0;
  const holder = spawn(
    'unshare',
    [
      ...[...asRoot(), '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child', '--propagation', 'private'],
      ...['sh', join(import.meta.dirname, 'machine.sh'), folder, dropping(isRoot), findProgram('sshd') ?? 'sshd'],
      ...[isRoot ? `${uid}:${uid}` : '', machineName, account.name],
    ],
    // A group of its own: Ctrl-C reaches only us, and we stop things in order.
    { cwd: '/', env: { PATH: path }, stdio: ['pipe', 'ignore', 'pipe'], detached: true },
  );
  const log = join(folder, logName);
  writeFileSync(log, '', { mode: 0o600 });
  let length = 0;
  holder.stderr.on('data', (part: Buffer) => {
    length += part.length;
    if (length < mostLog) writeFileSync(log, part, { flag: 'a' });
  });
  holder.stdin.on('error', () => undefined);
  holder.on('error', () => undefined);
  return holder;
};

/** Of one start; what comes after it is let go. */
const mostLog = 2 ** 20;

/** The one of the first start, which others remember; another where it is taken. */
const choosePort = async (file: string): Promise<number> => {
  const known = existsSync(file) ? Number(readFileSync(file, 'utf8')) : usual;
  const port = await freePort(known).catch(() => freePort(0));
  writeFileSync(file, String(port));
  return port;
};

const freePort = async (wanted: number): Promise<number> => {
  const server = createServer().listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const at = server.address();
  server.close();
  await once(server, 'close');
  return typeof at === 'object' && at !== null ? at.port : wanted;
};

const fingerprintOf = (line: string): string => {
  const [type = '', base64 = ''] = line.split(' ');
  const digest = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64');
  return `${type} SHA256:${digest.replace(/=+$/, '')}`;
};

const listening = async (port: number, holder: ChildProcess): Promise<void> => {
  const deadline = Date.now() + 10_000;
  while (!(await answers(port))) {
    if (holder.exitCode !== null || holder.signalCode !== null || Date.now() > deadline)
      throw new Error('it does not answer');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** Whether what is there greets as a server of SSH does. */
const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const settle = (does: boolean) => {
      socket.destroy();
      resolve(does);
    };
    socket.once('data', (greeting: Buffer) => settle(greeting.toString('latin1').startsWith('SSH-2.0-')));
    socket.once('error', () => settle(false));
    socket.once('close', () => settle(false));
    socket.setTimeout(2_000, () => settle(false));
  });
