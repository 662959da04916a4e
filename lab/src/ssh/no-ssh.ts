import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const folders = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/sbin', '/usr/local/bin'];

/** Where a program of this machine is; null where it is not installed. */
export const findProgram = (name: string): string | null =>
  folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;

/** The path that programs are looked for in, whoever starts Gatehouse. */
export const path = folders.join(':');

const needed = ['sshd', 'ssh-keygen', 'unshare', 'setpriv', 'mount', 'pivot_root', 'hostname', 'chpasswd', 'passwd'];

/** Why the sample server cannot run here, and what to do about it, in one sentence; null where it can. */
export const noSsh = (): string | null => {
  if (process.platform !== 'linux') return 'The sample server needs Linux, which gives it accounts of its own.';
  if (findProgram('sshd') === null)
    return 'The sample server needs OpenSSH: install it (Debian, Ubuntu: apt-get install openssh-server) and start again.';
  const missing = needed.filter((name) => findProgram(name) === null);
  if (missing.length > 0)
    return `The sample server needs ${missing.join(', ')}: install it (Debian, Ubuntu: apt-get install openssh-client util-linux passwd hostname) and start again.`;
  const isRoot = process.getuid?.() === 0;
  const own = isRoot ? [] : ['--user', '--map-root-user'];
  const { status } = spawnSync(
    'unshare',
    [...own, '--mount', '--pid', '--fork', 'mount', '-t', 'tmpfs', 'no', '/mnt'],
    {
      ...{ stdio: 'ignore', env: { PATH: path }, cwd: '/' },
    },
  );
  if (status === 0) return null;
  return isRoot
    ? 'The sample server needs namespaces, which root may not make here: give the container CAP_SYS_ADMIN, or start Gatehouse outside of it.'
    : 'The sample server needs user namespaces, which this account may not make: allow them (sysctl kernel.apparmor_restrict_unprivileged_userns=0, or kernel.unprivileged_userns_clone=1), or start Gatehouse as root.';
};
