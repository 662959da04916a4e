import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as chromium from '../../test/servers/chromium/browser.ts';
import * as mariadb from '../../test/servers/mariadb/no-mariadb.ts';
import * as openssh from '../../test/servers/openssh/no-openssh.ts';
import * as rdp from '../../test/servers/rdp/no-rdp.ts';
import * as redmine from '../../test/servers/redmine/installation.ts';
import * as requestTracker from '../../test/servers/request-tracker/installation.ts';
import { isInstalled, packages } from '../../test/servers/samba/no-samba.ts';
import * as vnc from '../../test/servers/vnc/no-vnc.ts';

/** Something the suite uses that npm cannot bring. */
export interface Part {
  readonly id:
    | 'chromium'
    | 'postgres'
    | 'samba'
    | 'openssh'
    | 'mariadb'
    | 'vnc'
    | 'rdp'
    | 'rt'
    | 'redmine'
    | 'xmllint'
    | 'recordings';
  /** What is not tested without it. */
  readonly gives: string;
  /** What the names of their files say, where tests need it. */
  readonly tests?: string;
  /** Its path, or why it cannot be had. Installs it first when `mayInstall`. */
  find(mayInstall: boolean): Promise<{ path: string } | { path: null; why: string }>;
}

/** Debian's package, installed when that is allowed and possible; then looked for again. */
const debian =
  (packages: readonly string[], look: () => string | null): Part['find'] =>
  async (mayInstall) => {
    const found = look();
    if (found !== null) return { path: found };
    const hint = `apt-get install ${packages.join(' ')}`;
    if (!mayInstall) return { path: null, why: `not installed here (${hint})` };
    if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
      return { path: null, why: `not installed, and only root on Debian can install it (${hint})` };
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    console.log(`installing ${packages.join(' ')} …`);
    spawnSync('apt-get', ['-qq', 'update'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    spawnSync('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', ...packages], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const now = look();
    return now === null ? { path: null, why: `the installation did not work (${hint})` } : { path: now };
  };

/** Packages that bring a service would start it: while this installs, none of the machine is started. */
const quietly =
  (find: Part['find']): Part['find'] =>
  async (mayInstall) => {
    const policy = '/usr/sbin/policy-rc.d';
    const isOurs = mayInstall && process.getuid?.() === 0 && !existsSync(policy);
    if (isOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    try {
      return await find(mayInstall);
    } finally {
      if (isOurs) rmSync(policy, { force: true });
    }
  };

const first = (paths: readonly string[]) => paths.find((path) => existsSync(path)) ?? null;
const recordings = join(import.meta.dirname, '../../../shared/corpora');

export const parts: readonly Part[] = [
  {
    ...{ id: 'chromium', tests: 'browser' },
    gives: 'the pages in a browser',
    find: debian(chromium.packages, chromium.chromiumPath),
  },
  {
    id: 'postgres',
    gives: 'the database tests on PostgreSQL 15',
    find: debian(['postgresql-15', 'postgresql-contrib'], () => {
      const base = '/usr/lib/postgresql';
      const versions = existsSync(base) ? readdirSync(base) : [];
      return first(versions.includes('15') ? [join(base, '15', 'bin', 'postgres')] : []);
    }),
  },
  {
    ...{ id: 'samba', tests: 'samba' },
    gives: 'a real Active Directory domain',
    find: debian(packages, () => (isInstalled() ? '/usr/sbin/samba' : null)),
  },
  {
    ...{ id: 'openssh', tests: 'ssh' },
    gives: 'real SSH servers with accounts of their own',
    find: debian(openssh.packages, () => (openssh.isInstalled() ? '/usr/sbin/sshd' : null)),
  },
  {
    ...{ id: 'mariadb', tests: 'mariadb' },
    gives: 'a real MariaDB',
    find: debian(mariadb.packages, () => (mariadb.isInstalled() ? '/usr/sbin/mariadbd' : null)),
  },
  {
    ...{ id: 'vnc', tests: 'vnc' },
    gives: 'real VNC servers',
    find: debian(vnc.packages, () => (vnc.isInstalled() ? '/usr/bin/Xtigervnc' : null)),
  },
  {
    ...{ id: 'rdp', tests: 'rdp' },
    gives: 'real remote desktops',
    find: debian(rdp.packages, () => (rdp.isInstalled() ? '/usr/sbin/xrdp' : null)),
  },
  {
    ...{ id: 'rt', tests: 'rt' },
    gives: 'a real Request Tracker',
    find: quietly(
      debian(requestTracker.packages, () => (requestTracker.isInstalled() ? '/usr/share/request-tracker5' : null)),
    ),
  },
  {
    ...{ id: 'redmine', tests: 'redmine' },
    gives: 'a real Redmine',
    find: quietly(debian(redmine.packages, () => (redmine.isInstalled() ? '/usr/share/redmine' : null))),
  },
  {
    ...{ id: 'xmllint', tests: 'xml' },
    gives: 'answers in XML against their schema',
    find: debian(['libxml2-utils'], () => first(['/usr/bin/xmllint'])),
  },
  {
    id: 'recordings',
    gives: 'the connectors against recordings of real organisations',
    find: async () =>
      existsSync(recordings) ? { path: recordings } : { path: null, why: 'the recordings are not beside the project' },
  },
];
