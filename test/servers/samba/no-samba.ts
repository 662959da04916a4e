import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Why no domain can be started here, for the title of a test that needs one; null where it can. */
export const noSamba = (): string | null => {
  if (process.platform !== 'linux') return 'only Linux runs the domain controller';
  if (process.getuid?.() !== 0) return 'only root can run a domain controller';
  if (!isInstalled()) return `Samba is not installed (apt-get install ${packages.join(' ')})`;
  const { status } = spawnSync('unshare', ['--mount', '--pid', '--fork', 'mount', '--bind', '/usr', '/usr'], {
    stdio: 'ignore',
  });
  return status === 0 ? null : 'namespaces of processes and mounts are refused here';
};

export const isInstalled = (): boolean => programs.every((path) => existsSync(path));

const programs = [
  '/usr/sbin/samba',
  '/usr/bin/samba-tool',
  '/usr/share/samba/setup/provision.ldif',
  '/usr/bin/ldbmodify',
  '/usr/bin/ldapsearch',
  '/usr/bin/kinit',
  '/usr/bin/smbclient',
  '/usr/sbin/winbindd',
  '/usr/bin/openssl',
];

/** Debian's names, for the installation and for the hint of a skip. */
export const packages = [
  'samba-ad-dc',
  'samba-ad-provision',
  'samba-dsdb-modules',
  'samba-vfs-modules',
  'winbind',
  'krb5-user',
  'ldb-tools',
  'smbclient',
  'python3-samba',
  'python3-ldb',
  'ldap-utils',
  'openssl',
] as const;
