import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Why no VNC server can be started here, for the title of a test that needs one; null where it can. */
export const noVnc = (): string | null => {
  if (!isInstalled()) return `TigerVNC is not installed (apt-get install ${packages.join(' ')})`;
  if (process.getuid?.() !== 0) return 'only root can give a server accounts of its own';
  const { status } = spawnSync('unshare', ['--mount', 'mount', '--bind', '/tmp', '/tmp'], { stdio: 'ignore' });
  return status === 0 ? null : 'namespaces of mounts are refused here';
};

export const isInstalled = (): boolean =>
  ['/usr/bin/Xtigervnc', '/usr/bin/tigervncpasswd', '/usr/bin/xdotool', '/usr/bin/xterm', '/usr/bin/xclip'].every(
    (path) => existsSync(path),
  );

/** Debian's names, for the installation and for the hint of a skip. */
export const packages = [
  ...['tigervnc-standalone-server', 'tigervnc-tools', 'xdotool', 'xterm', 'xclip', 'x11-xserver-utils'],
  ...['openssl'],
] as const;
