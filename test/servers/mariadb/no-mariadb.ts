import { existsSync } from 'node:fs';

/** Why no MariaDB can be started here, for the title of a test that needs one; null where it can. */
export const noMariaDb = (): string | null =>
  isInstalled() ? null : `MariaDB is not installed (apt-get install ${packages.join(' ')})`;

export const isInstalled = (): boolean =>
  ['/usr/sbin/mariadbd', '/usr/bin/mariadb-install-db', '/usr/bin/openssl'].every((path) => existsSync(path));

/** Debian's names, for the installation and for the hint of a skip. */
export const packages = ['mariadb-server', 'openssl'] as const;
