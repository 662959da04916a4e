import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Output, tryRun } from './run.ts';

/** A loopback address and a folder that belong to one controller until it is released. */
export interface Place {
  readonly address: string;
  readonly folder: string;
  /** Starts the controller by the `smb.conf` in the folder. */
  start(): void;
  /** Whether the controller has ended, and how. */
  readonly ended: Promise<unknown>;
  /** Ends every process of the controller and removes the folder. */
  release(): Promise<void>;
}

/** Of all controllers of this machine, whoever starts them: the ports are fixed, so addresses are what they share. */
const root = '/var/tmp/gatehouse-samba';
const first = 21;
const last = 120;
const taken = 75;

/**
 * The first free place. Its lock is inherited by every process of the controller, so a place is free exactly when none
 * of them is left, also those that were started by a process that was killed. They live in namespaces of their own:
 * processes, so that the kernel ends all with the first, which ends with us; and mounts, so that each has a /run/samba.
 */
export const takePlace = async (): Promise<Place> => {
  mkdirSync(root, { recursive: true, mode: 0o711 });
  if (!lstatSync(root).isDirectory() || lstatSync(root).uid !== 0) throw new Error(`${root} is not a folder of root.`);
  // Others must be able to pass, or the file server cannot show SYSVOL to an ordinary account.
  chmodSync(root, 0o711);
  await removeLeftovers();
  for (let number = first; number <= last; number++) {
    const address = `127.0.0.${number}`;
    const folder = join(root, address);
    const holder = spawn(
      'setpriv',
      [
        ...['--pdeathsig', 'KILL', 'flock', '--no-fork', '--nonblock', '--conflict-exit-code', String(taken)],
        ...[
          `${folder}.lock`,
          'unshare',
          '--mount',
          '--pid',
          '--fork',
          '--kill-child',
          'sh',
          '-c',
          script,
          'sh',
          folder,
        ],
      ],
      {
        cwd: '/',
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', KRB5_CONFIG: join(folder, 'krb5.conf') },
        stdio: 'pipe',
      },
    );
    const ended = once(holder, 'close');
    const complaints: Buffer[] = [];
    holder.stderr.on('data', (part) => complaints.push(part));
    holder.stdin.on('error', () => undefined);
    const outcome = await Promise.race([once(holder.stdout, 'data'), ended.then(([code]) => ({ code }))]);
    if (!('code' in outcome)) return place(address, folder, holder, ended);
    if (outcome.code !== taken) throw new Error(`No place for a controller: ${Buffer.concat(complaints)}`);
  }
  throw new Error(`All of 127.0.0.${first} to 127.0.0.${last} are taken.`);
};

/** Waits for a word before it starts: until then the folder is filled. */
const script =
  'echo taken; read -r word && [ "$word" = start ] && mkdir -p /run/samba && mount --bind "$1/run" /run/samba && ' +
  'exec samba --foreground --model=single --no-process-group --configfile="$1/smb.conf"';

const place = (address: string, folder: string, holder: ChildProcess, ended: Promise<unknown>): Place => {
  let released: Promise<void> | null = null;
  const release = async () => {
    killFirst(holder);
    await ended;
    // Left alone when the next one has the place already: it empties the folder itself.
    await removeFolder(folder);
  };
  return {
    address,
    folder,
    start: () => holder.stdin?.write('start\n'),
    ended,
    release: () => {
      released ??= release();
      return released;
    },
  };
};

/**
 * The first process of the namespace, not the one that waits for it: then the wait is over when the kernel has ended
 * all the others, and nothing is left when our child has closed.
 */
const killFirst = (holder: ChildProcess): void => {
  const [first] = childrenOf(holder.pid ?? 0);
  if (first === undefined) holder.kill('SIGKILL');
  else process.kill(first, 'SIGKILL');
};

const childrenOf = (pid: number): readonly number[] => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    // It has ended.
    return [];
  }
};

const removeFolder = (folder: string): Promise<Output> =>
  tryRun('flock', ['--nonblock', `${folder}.lock`, 'rm', '-rf', folder]);

/** Folders of controllers that ended with a process that was killed. Held locks are left alone. */
const removeLeftovers = async (): Promise<void> => {
  for (const name of readdirSync(root)) {
    const folder = join(root, name);
    if (!name.endsWith('.lock') && existsSync(`${folder}.lock`)) await removeFolder(folder);
  }
};
