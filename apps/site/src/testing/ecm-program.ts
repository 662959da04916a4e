import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const main = join(import.meta.dirname, '../../../ecm/src/main.ts');
const env = { ...process.env, NODE_NO_WARNINGS: '1' };

/** The ECM as it is installed, in a process of its own. */
export interface EcmProgram {
  start(): void;
  /** Resolves when it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  log(): Promise<string>;
  close(): Promise<void>;
}

/** Configured by its command line, and not started. */
export const configureEcm = async (of: {
  readonly site: string;
  readonly clientId: string;
  readonly secret: string;
  readonly endpointUrl: string;
  readonly apiUser: string;
  readonly apiPassword: string;
  /** More settings of its plugin, as `name=value`. */
  readonly set?: readonly string[];
}): Promise<EcmProgram> => {
  const home = await mkdtemp(join(tmpdir(), 'gatehouse-site-ecm-'));
  const [secret, password] = [join(home, 'secret.txt'), join(home, 'password.txt')];
  await writeFile(secret, of.secret, { mode: 0o600 });
  await writeFile(password, of.apiPassword, { mode: 0o600 });
  const words = [
    ...['configure', '--home', home, '--no-test', '--name', 'ecm-1', '--site', of.site],
    ...['--client-id', of.clientId, '--client-secret-file', secret, '--plugin', 'privileged-identity'],
    ...['--set', `endpointUrl=${of.endpointUrl}`, '--set', `apiUser=${of.apiUser}`],
    ...['--set-file', `apiPassword=${password}`, ...(of.set ?? []).flatMap((one) => ['--set', one])],
  ];
  const configured = promisify(execFile)(process.execPath, [main, ...words], { env, timeout: 30_000 });
  configured.child.stdin?.end();
  await configured;
  let child: ChildProcess | null = null;
  const kill: EcmProgram['kill'] = async (signal = 'SIGKILL') => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const over = once(child, 'exit');
    child.kill(signal);
    await over;
  };
  return {
    start() {
      child = spawn(process.execPath, [main, 'run', '--home', home], { env, stdio: 'ignore' });
    },
    kill,
    log: () => readFile(join(home, 'logs', 'ECM.log'), 'utf8').catch(() => ''),
    async close() {
      await kill();
      await rm(home, { recursive: true, force: true });
    },
  };
};
