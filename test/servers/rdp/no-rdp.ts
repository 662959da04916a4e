import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Why no remote desktop can be started here, for the title of a test that needs one; null where it can. */
export const noRdp = (): string | null => {
  if (process.platform !== 'linux') return 'only Linux gives a desktop accounts of its own';
  if (process.getuid?.() !== 0) return 'only root can give a desktop accounts of its own';
  if (!isInstalled()) return `the desktops are not installed (apt-get install ${packages.join(' ')})`;
  const { status } = spawnSync('unshare', ['--mount', '--pid', '--fork', 'mount', '-t', 'tmpfs', 'tmpfs', '/home'], {
    stdio: 'ignore',
  });
  return status === 0 ? null : 'namespaces of processes and mounts are refused here';
};

export const isInstalled = (): boolean =>
  [
    ...['/usr/sbin/xrdp', '/usr/lib/xorg/modules/drivers/xrdpdev_drv.so', '/usr/bin/freerdp-shadow-cli'],
    ...['/usr/bin/Xvfb', '/usr/bin/xev', '/usr/bin/xsetroot', '/usr/bin/xclip', '/usr/bin/openssl'],
  ].every((path) => existsSync(path));

/** Debian's names, for the installation and for the hint of a skip. */
export const packages = [
  ...['xrdp', 'xorgxrdp', 'freerdp2-shadow-x11', 'xvfb', 'x11-utils', 'x11-xserver-utils', 'xclip', 'openssl'],
] as const;
