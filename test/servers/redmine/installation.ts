import { existsSync } from 'node:fs';

export const isInstalled = (): boolean =>
  ['/usr/share/redmine/config.ru', '/usr/share/doc/redmine-sqlite', '/usr/bin/puma', '/usr/bin/setpriv'].every((path) =>
    existsSync(path),
  );

/** Debian's names. */
export const packages = ['redmine', 'redmine-sqlite', 'puma'] as const;
