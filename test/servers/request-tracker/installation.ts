import { existsSync } from 'node:fs';

export const isInstalled = (): boolean => programs.every((path) => existsSync(path));

const programs = [
  '/usr/share/request-tracker5/libexec/rt-server',
  '/usr/share/request-tracker5/etc/schema.SQLite',
  '/usr/sbin/rt-setup-database-5',
  '/usr/share/doc/rt5-db-sqlite',
  '/usr/share/doc/rt5-standalone',
  '/usr/bin/setpriv',
];

/** Debian's names. The last one is there so that no mail server is: mail goes to a file. */
export const packages = ['request-tracker5', 'rt5-db-sqlite', 'rt5-standalone', 'msmtp-mta'] as const;
