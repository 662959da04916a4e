import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { freePort } from '../free-port.ts';
import { makeServerCertificate } from '../samba/certificates.ts';
import { run } from '../samba/run.ts';

export { noVnc } from './no-vnc.ts';

/** A running Xtigervnc on loopback, with a screen of its own. */
export interface VncServer extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** Of its certificate's public key, `SHA256:…`. */
  readonly fingerprint: string;
  /** Runs a program with this screen; gives what it printed. */
  show(command: string, ...args: readonly string[]): Promise<string>;
  /** Starts a program that stays. */
  start(command: string, ...args: readonly string[]): ChildProcess;
  /** Everything that the server has logged so far. */
  log(): string;
  stop(): Promise<void>;
}

export interface VncServerOptions {
  /** What it offers, in TigerVNC's words: `VncAuth`, `X509Plain,TLSVnc` … */
  readonly security: string;
  /** Of VncAuth and its kin. */
  readonly password: string;
  /** Of the ways that end in Plain; known to this server alone. */
  readonly account?: { readonly name: string; readonly password: string };
  readonly geometry?: string;
}

/** Tests that use it are named `*.vnc.test.ts`. */
export const startVnc = async ({
  security,
  password,
  account,
  geometry = '640x480',
}: VncServerOptions): Promise<VncServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-vnc-'));
  chmodSync(folder, 0o700);
  const at = (name: string) => join(folder, name);
  await makeServerCertificate(at('tls'), 'desk.example', '127.0.0.1', 'valid');
  writeFileSync(at('obfuscated'), '');
  await run('sh', ['-c', 'tigervncpasswd -f > "$0"', at('obfuscated')], { input: `${password}\n` });
  writeFileSync(at('account'), account === undefined ? '' : `${account.name} ${account.password}`, { mode: 0o600 });
  writeFileSync(at('check'), check);
  writeFileSync(
    at('pam'),
    `auth required pam_exec.so expose_authtok quiet /bin/sh ${at('check')} ${at('account')}\naccount required pam_permit.so\n`,
  );
  const port = await freePort();
  const server = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', 'unshare', '--mount', 'sh', '-euc', script, 'sh', at('pam')],
      ...['-displayfd', '3', '-rfbport', String(port), '-interface', '127.0.0.1', '-SecurityTypes', security],
      ...['-PasswordFile', at('obfuscated'), '-X509Cert', at('tls/server.pem'), '-X509Key', at('tls/server.key')],
      ...['-PlainUsers', '*', '-geometry', geometry, '-depth', '24', '-desktop', 'gatehouse-desk', '-nolisten', 'tcp'],
      ...['-Log', '*:stderr:30', '-FrameRate', '60'],
    ],
    { cwd: '/', env: { PATH: '/usr/bin:/bin', HOME: folder }, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const ended = once(server, 'close');
  let log = '';
  server.stderr?.on('data', (part) => {
    log += part;
  });
  const started = new Set<ChildProcess>();
  const stop = async () => {
    for (const program of started) program.kill('SIGKILL');
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const display = `:${await displayOf(server)}`;
    const env = { PATH: '/usr/bin:/bin', HOME: folder, DISPLAY: display, LC_ALL: 'C.UTF-8' };
    const { publicKey } = new X509Certificate(readFileSync(at('tls/server.pem')));
    const digest = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' }));
    return {
      ...{ address: '127.0.0.1', port, fingerprint: `SHA256:${digest.digest('base64').replace(/=+$/, '')}` },
      show: (command, ...args) => run(command, args, { env }),
      start(command, ...args) {
        const program = spawn(command, args, { env, cwd: '/', stdio: 'ignore' });
        started.add(program);
        program.once('close', () => started.delete(program));
        return program;
      },
      ...{ log: () => log, stop, [Symbol.asyncDispose]: stop },
    };
  } catch (error) {
    await stop();
    throw new Error(`Xtigervnc did not start. ${log}`, { cause: error });
  }
};

/** Its way to ask about accounts is its own copy, so that the machine's is neither used nor changed. */
const script = `
mount --bind "$1" /etc/pam.d/other
shift
exec /usr/bin/Xtigervnc "$@"
`;

/** The password comes on standard input and ends with a zero byte. */
const check = `given=$(tr -d '\\000')\n[ "$PAM_USER $given" = "$(cat "$1")" ]\n`;

/** The first free display, which the server tells once it is ready. */
const displayOf = async (server: ChildProcess): Promise<string> => {
  const pipe = server.stdio[3] as Readable;
  let said = '';
  for await (const part of pipe) {
    said += String(part);
    if (said.includes('\n')) return said.trim();
  }
  throw new Error('it told no display');
};
