import type { Client, ClientCallback, ClientChannel, SFTPWrapper } from 'ssh2';
import type { ExecOptions, ExecResult, Ssh, SshTerminal, TerminalOptions, TerminalSize } from './ssh.ts';
import type { SshFaults } from './ssh-faults.ts';
import { openSshFiles } from './ssh-files.ts';

interface Around {
  readonly client: Client;
  readonly faults: SshFaults;
  /** Why the connection is over; null while nobody knows better. */
  why(): unknown;
}

/** How long a host may take to give a channel. */
const openMs = 30_000;
const killMs = 2_000;

export const createChannels = (around: Around): Pick<Ssh, 'exec' | 'terminal' | 'files'> => ({
  exec: (command, options = {}) => exec(around, command, options),
  terminal: (options) => terminal(around, options),
  files: async () => {
    const { client, faults } = around;
    return open(
      around,
      'file transfer',
      openMs,
      (done: (error: Error | undefined, sftp: SFTPWrapper) => void) => client.sftp(done),
      (sftp) => openSshFiles(sftp, faults),
    );
  },
});

/**
 * One channel, in time. `take` sees it at once: the end of a short command may have come in the same packet, and its
 * events wait for nobody.
 */
const open = <Given, T>(
  { client, faults, why }: Around,
  what: string,
  timeoutMs: number,
  ask: (done: (error: Error | undefined, channel: Given) => void) => void,
  take: (channel: Given) => T,
): Promise<T> => {
  const opened = Promise.withResolvers<T>();
  const timer = setTimeout(() => opened.reject(faults.of('timeout', `${what} was not given in time`)), timeoutMs);
  const lost = () => opened.reject(why() ?? faults.of('cut', `before ${what} was given`));
  client.once('close', lost);
  try {
    ask((error, channel) => {
      if (!error) return opened.resolve(take(channel));
      // Without a reason the connection itself has gone; `lost` knows why.
      if ('reason' in error) opened.reject(faults.of('not given', `${what}: ${error.message}`));
      else if (/^Unable to/.test(error.message)) opened.reject(faults.of('not given', `${what}: ${error.message}`));
      else lost();
    });
  } catch {
    // The client throws where its socket is gone already.
    lost();
  }
  return opened.promise.finally(() => {
    clearTimeout(timer);
    client.off('close', lost);
  });
};

const exec = async (around: Around, command: string, options: ExecOptions): Promise<ExecResult> => {
  const { stdin = '', timeoutMs = 30_000, maxBytes = 1024 * 1024 } = options;
  const { client, faults, why } = around;
  const began = performance.now();
  const { channel, ended } = await open(
    around,
    'a command',
    Math.min(openMs, timeoutMs),
    (done: ClientCallback) => client.exec(command, done),
    watched,
  );
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  const failed = Promise.withResolvers<never>();
  let bytes = 0;
  const take = (into: Buffer[]) => (part: Buffer) => {
    bytes += part.length;
    if (bytes <= maxBytes) into.push(part);
    else failed.reject(faults.of('too much', `a command printed more than ${maxBytes} bytes`));
  };
  channel.on('data', take(out));
  channel.stderr.on('data', take(err));
  // A command that ends without reading must not end us.
  channel.on('error', () => undefined);
  channel.end(typeof stdin === 'string' ? stdin : stdin.reveal());
  const left = Math.max(1, timeoutMs - (performance.now() - began));
  const timer = setTimeout(
    () => failed.reject(faults.of('timeout', `a command took longer than ${timeoutMs} ms`)),
    left,
  );
  try {
    const { code, signal } = await Promise.race([ended, failed.promise]);
    if (code === null && signal === null) throw why() ?? faults.of('cut', 'while a command ran');
    return { code, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
  } finally {
    clearTimeout(timer);
    channel.removeAllListeners('data');
    end(channel);
  }
};

const terminal = async (around: Around, options: TerminalOptions): Promise<SshTerminal> => {
  const { term, size, command, timeoutMs = openMs } = options;
  const { client } = around;
  const pty = { term, cols: bounded(size.columns), rows: bounded(size.rows), width: 0, height: 0 };
  const { channel: stream, ended } = await open(
    around,
    'a terminal',
    timeoutMs,
    (done: ClientCallback) => (command === undefined ? client.shell(pty, done) : client.exec(command, { pty }, done)),
    watched,
  );
  // Everything shows on the terminal; what comes beside it would stop the flow when nobody takes it.
  stream.stderr.resume();
  return {
    ...{ stream, ended },
    resize: (to: TerminalSize) => stream.setWindow(bounded(to.rows), bounded(to.columns), 0, 0),
    close: () => end(stream),
  };
};

const bounded = (cells: number) => Math.min(10_000, Math.max(1, Math.trunc(cells) || 1));

const watched = (channel: ClientChannel) => ({ channel, ended: endOf(channel) });

/** Both null where the host did not say how it ended. */
const endOf = (channel: ClientChannel): Promise<Pick<ExecResult, 'code' | 'signal'>> =>
  new Promise((resolve) => {
    let how: Pick<ExecResult, 'code' | 'signal'> = { code: null, signal: null };
    channel.on('exit', (code: number | null, signal?: string) => {
      how = { code, signal: code === null ? (signal ?? null) : null };
    });
    channel.on('close', () => resolve(how));
  });

/** The hang-up of a terminal ends what runs on it; any other command ends when it next reads or writes. */
const end = (channel: ClientChannel) => {
  channel.close();
  setTimeout(() => channel.destroy(), killMs).unref();
};
