import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { freePort } from '../free-port.ts';
import { firstOf, killFirst } from '../openssh/server.ts';
import { run } from '../samba/run.ts';
import { pam, script, sesmanConfiguration, session, xrdpConfiguration } from './xrdp-configuration.ts';

export { noRdp } from './no-rdp.ts';

/** A running xrdp with TLS, a display server and accounts that exist nowhere else. */
export interface Xrdp extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** Everything that the server and its sessions have logged so far. */
  log(): Promise<string>;
  /** Runs a shell script inside as root, and gives what it printed. Its text is visible in the process list. */
  asRoot(script: string): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts a server in namespaces of processes and mounts: the kernel ends everything with its first process, which ends
 * with us. Tests that use it are named `*.rdp.test.ts`.
 */
export const startXrdp = async (accounts: readonly { name: string; password: string }[]): Promise<Xrdp> => {
  const [port, sesmanPort] = [await freePort(), await freePort()];
  const holder = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
      ...['sh', '-c', script],
    ],
    { cwd: '/', env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' }, stdio: 'pipe' },
  );
  const ended = once(holder, 'close');
  let log = '';
  for (const stream of [holder.stdout, holder.stderr])
    stream.on('data', (part) => {
      log += part;
    });
  holder.stdin.on('error', () => undefined);
  const files = {
    '/etc/xrdp/xrdp.ini': xrdpConfiguration(port),
    '/etc/xrdp/sesman.ini': sesmanConfiguration(sesmanPort),
    '/etc/xrdp/startwm.sh': session,
    ...Object.fromEntries(Object.entries(pam).map(([name, text]) => [`/etc/pam.d/${name}`, text])),
  };
  holder.stdin.end(
    [
      Object.keys(files).length,
      ...Object.entries(files).flatMap(([path, text]) => [path, Buffer.from(text).toString('base64')]),
      accounts.length,
      ...accounts.flatMap(({ name, password }) => [name, password]),
      '',
    ].join('\n'),
  );
  const stop = async () => {
    killFirst(holder);
    await ended;
  };
  const deadline = Date.now() + 30_000;
  while (![port, sesmanPort].every(isListening)) {
    if (holder.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`xrdp did not start. ${log.slice(-3_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const asRoot = (text: string) =>
    run('nsenter', ['--target', String(firstOf(holder)), '--mount', '--pid', 'sh', '-euc', text]);
  return {
    ...{ address: '127.0.0.1', port, stop, asRoot },
    log: () => asRoot('cat /var/log/xrdp*.log /home/*/.xorgxrdp*.log || true'),
    [Symbol.asyncDispose]: stop,
  };
};

/** Whether anyone listens there; asked of the kernel, because a connection would be a session to some servers. */
export const isListening = (port: number): boolean =>
  ['/proc/net/tcp', '/proc/net/tcp6'].some((path) => {
    const place = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    const rows = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
    return rows
      .map((row) => row.trim().split(/\s+/))
      .some(([, local, , state]) => local?.endsWith(place) && state === '0A');
  });
