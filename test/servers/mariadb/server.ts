import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { makeServerCertificate } from '../samba/certificates.ts';

export { noMariaDb } from './no-mariadb.ts';

/** A running MariaDB of its own, which takes connections with TLS and without. */
export interface MariaDb extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** The name that its certificate is for; no resolver knows it. */
  readonly name: string;
  /** PEM of the authority that its certificate is from. */
  readonly ca: string;
  /** Of `root`, who may do everything. */
  readonly password: string;
  /** Everything that it has written: general log, binary logs, error log. */
  written(): string;
  stop(): Promise<void>;
}

/** Starts a server in a scratch folder, as an ordinary user also when we are root. Tests that use it are named `*.mariadb.test.ts`. */
export const startMariaDb = async (): Promise<MariaDb> => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-mariadb-'));
  chmodSync(folder, 0o711);
  const at = (name: string) => join(folder, name);
  // 65534 is nobody.
  const runAs = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : null;
  const own = (path: string) => {
    if (runAs !== null) chownSync(path, runAs.uid, runAs.gid);
  };
  const options = { ...runAs, cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' } };
  const password = randomBytes(12).toString('hex');
  for (const name of ['data', 'log']) {
    mkdirSync(at(name), { mode: 0o700 });
    own(at(name));
  }
  await makeServerCertificate(at('tls'), 'db.example', '127.0.0.1', 'valid');
  for (const name of ['', ...readdirSync(at('tls'))]) own(join(at('tls'), name));
  writeFileSync(at('init.sql'), `alter user root@localhost identified by '${password}';\n`, { mode: 0o600 });
  own(at('init.sql'));
  const made = spawn(
    '/usr/bin/mariadb-install-db',
    [
      ...['--no-defaults', `--datadir=${at('data')}`, '--auth-root-authentication-method=normal'],
      ...['--skip-test-db', '--skip-name-resolve'],
    ],
    { ...options, stdio: 'ignore' },
  );
  const [code] = await once(made, 'close');
  if (code !== 0) throw new Error(`mariadb-install-db ended with ${code}.`);
  const port = await freePort();
  const server = spawn(
    '/usr/sbin/mariadbd',
    [
      ...['--no-defaults', `--datadir=${at('data')}`, `--port=${port}`, '--bind-address=127.0.0.1'],
      ...[`--socket=${at('data/socket')}`, `--pid-file=${at('data/pid')}`, `--init-file=${at('init.sql')}`],
      ...['--general-log=1', `--general-log-file=${at('log/general')}`, `--log-bin=${at('log/binary')}`],
      ...[`--ssl-ca=${at('tls/ca.pem')}`, `--ssl-cert=${at('tls/server.pem')}`, `--ssl-key=${at('tls/server.key')}`],
      ...[`--log-error=${at('log/error.log')}`, '--innodb-flush-log-at-trx-commit=0', '--sync-binlog=0'],
    ],
    { ...options, stdio: 'ignore' },
  );
  const ended = once(server, 'close');
  const written = () =>
    readdirSync(at('log'))
      // It makes files for a moment, too, which may be gone by now.
      .map((name) => (name.includes('~') ? '' : readFileSync(join(at('log'), name), 'latin1')))
      .join('\n');
  const stop = async () => {
    server.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + deadlineMs;
  while (!existsSync(at('log/error.log')) || !written().includes('ready for connections')) {
    if (server.exitCode !== null || Date.now() > deadline) {
      const log = existsSync(at('log/error.log')) ? readFileSync(at('log/error.log'), 'utf8').slice(-2_000) : '';
      await stop();
      throw new Error(`MariaDB did not start. ${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const ca = readFileSync(at('tls/ca.pem'), 'utf8');
  return {
    ...{ address: '127.0.0.1', port, name: 'db.example', ca, password, written, stop },
    [Symbol.asyncDispose]: stop,
  };
};

const deadlineMs = 30_000;
