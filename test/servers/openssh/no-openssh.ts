import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Why no SSH server with accounts of its own can be started here, for the title of a test that needs one; null where it can. */
export const noOpenSsh = (): string | null => {
  if (process.platform !== 'linux') return 'only Linux gives a server accounts of its own';
  if (process.getuid?.() !== 0) return 'only root can give a server accounts of its own';
  if (!isInstalled()) return `OpenSSH is not installed (apt-get install ${packages.join(' ')})`;
  const { status } = spawnSync('unshare', ['--mount', '--pid', '--fork', 'mount', '-t', 'tmpfs', 'tmpfs', '/home'], {
    stdio: 'ignore',
  });
  return status === 0 ? null : 'namespaces of processes and mounts are refused here';
};

export const isInstalled = (): boolean =>
  ['/usr/sbin/sshd', '/usr/bin/ssh-keygen', '/usr/bin/sudo', '/usr/sbin/chpasswd', '/usr/bin/nsenter'].every((path) =>
    existsSync(path),
  );

/** Debian's names, for the installation and for the hint of a skip. */
export const packages = ['openssh-server', 'sudo'] as const;
