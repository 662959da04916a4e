import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { run } from '../samba/run.ts';
import { isListening } from './xrdp.ts';

/** A running FreeRDP that shows a display of its own and insists on network level authentication. */
export interface Shadow extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  log(): string;
  stop(): Promise<void>;
}

/**
 * Accounts are names and keys as NTLM derives them (MD4 of the password in UTF-16), in hex. Tests that use it are named `*.rdp.test.ts`.
 */
export const startShadow = async (
  accounts: readonly { name: string; domain?: string; ntlmHash: string }[],
): Promise<Shadow> => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-shadow-'));
  const sam = join(folder, 'sam');
  writeFileSync(
    sam,
    accounts.map(({ name, domain = '', ntlmHash }) => `${name}:${domain}::${ntlmHash}:::\n`).join(''),
    {
      mode: 0o600,
    },
  );
  const port = await freePort();
  // The display takes any number that is free, and says on its third descriptor which.
  const display = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', 'Xvfb', '-displayfd', '3', '-screen', '0', '800x600x24'],
      ...['-nolisten', 'tcp', '-noreset'],
    ],
    { cwd: folder, env: { PATH: '/usr/bin:/bin' }, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  const displayEnded = once(display, 'close');
  const said = display.stdio[3];
  if (!said) throw new Error('The display has no third descriptor.');
  const [number] = await Promise.race([once(said, 'data'), displayEnded.then(() => [''])]);
  const shown = `:${String(number).trim()}`;
  // A picture that is easy to tell from an empty one.
  await run('xsetroot', ['-display', shown, '-fg', '#d04020', '-bg', '#2060a0', '-mod', '16', '16']);
  const server = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', 'freerdp-shadow-cli', `/port:${port}`, '/bind-address:127.0.0.1'],
      ...[`/sam-file:${sam}`, '+auth', '/sec:nla'],
    ],
    {
      cwd: folder,
      env: { PATH: '/usr/bin:/bin', HOME: folder, DISPLAY: shown },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const ended = once(server, 'close');
  let log = '';
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (part) => {
      log += part;
    });
  const stop = async () => {
    server.kill('SIGKILL');
    display.kill('SIGKILL');
    await Promise.all([ended, displayEnded]);
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + 30_000;
  while (!isListening(port)) {
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`FreeRDP did not start. ${log.slice(-3_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { address: '127.0.0.1', port, log: () => log, stop, [Symbol.asyncDispose]: stop };
};
