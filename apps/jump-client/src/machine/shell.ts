import { userInfo } from 'node:os';
import { PassThrough } from 'node:stream';
import { Fault } from '@gatehouse/kernel';
import type { ChannelUse, JumpChannel } from '@gatehouse/remote-access/jump';
import type { IPty } from '@lydell/node-pty';
import { type Allowances, notAllowed } from '../settings/index.ts';

type ShellUse = Extract<ChannelUse, { kind: 'shell' }>;

/** A shell of this machine that has begun. */
export interface MachineShell {
  /** Carries it until one side ends it. */
  carry(channel: JumpChannel): void;
  end(): void;
}

/** @throws Fault where it is not allowed, or cannot be opened */
export const openShell = async (allows: Allowances, { term, columns, rows }: ShellUse): Promise<MachineShell> => {
  if (!allows.shell) throw notAllowed('shells be opened');
  const spawn = await findSpawn();
  const { file, args, cwd } = commandFor(allows.shellUser);
  let pty: IPty;
  try {
    // Bytes as they come, which its types do not know of.
    pty = spawn(file, args, { name: term, cols: columns, rows, cwd, env: environment(term), encoding: null });
  } catch (cause) {
    throw new Fault('misconfigured', `The Jump Client cannot start ${file}.`, undefined, { cause });
  }
  // From its first word: its prompt is there before the channel is, and so is all of a shell that ends at once.
  const shown = collect(pty);
  return { carry: (channel) => carry(pty, shown, channel), end: () => kill(pty) };
};

/** So much is kept of what nobody takes yet, in bytes; then the terminal waits. */
const mostKept = 256 * 1024;
const lookMs = 50;

/**
 * What a terminal shows, whole, as fast as it is taken. The library forgets what it has not read 200 ms after the end, so a
 * terminal does not wait any more once its shell is gone; what is left then is no more than the system keeps for it.
 */
const collect = (pty: IPty): PassThrough => {
  const shown = new PassThrough({ highWaterMark: mostKept });
  let waiting: NodeJS.Timeout | null = null;
  let isGone = false;
  const goOn = () => {
    if (waiting === null) return;
    clearInterval(waiting);
    waiting = null;
    pty.resume();
  };
  pty.onData((part: string | Buffer) => {
    if (shown.destroyed || shown.write(part) || isGone || waiting !== null) return;
    pty.pause();
    waiting = setInterval(() => {
      isGone = !isRunning(pty.pid);
      if (isGone) goOn();
    }, lookMs);
  });
  shown.on('drain', goOn);
  shown.once('close', goOn);
  pty.onExit(() => {
    goOn();
    shown.end();
  });
  return shown;
};

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const carry = (pty: IPty, shown: PassThrough, { stream, onNote }: JumpChannel): void => {
  shown.pipe(stream);
  onNote((note) => {
    if (note.type === 'resize') pty.resize(note.columns, note.rows);
  });
  stream.on('data', (typed: Buffer) => pty.write(typed.toString('latin1')));
  // The other side types no more: what runs hears that its terminal is gone.
  stream.once('end', () => kill(pty));
  stream.once('close', () => {
    kill(pty);
    // Nobody takes it any more, and what is left must not hold the shell up.
    shown.destroy();
  });
};

const kill = (pty: IPty): void => {
  try {
    pty.kill();
  } catch {
    // It has ended already.
  }
};

/** The program library is there where it was built for this system. */
const findSpawn = async () => {
  try {
    return (await import('@lydell/node-pty')).spawn;
  } catch (cause) {
    throw new Fault(
      'unsupported',
      `This Jump Client has no terminals for ${process.platform} ${process.arch}. Files work all the same.`,
      undefined,
      { cause },
    );
  }
};

interface Command {
  readonly file: string;
  readonly args: string[];
  readonly cwd: string;
}

const commandFor = (shellUser: string | undefined): Command => {
  const { shell, homedir } = userInfo();
  if (process.platform === 'win32') return { file: 'powershell.exe', args: ['-NoLogo'], cwd: homedir };
  if (shellUser === undefined) return { file: shell ?? '/bin/sh', args: ['-l'], cwd: homedir };
  if (process.getuid?.() !== 0)
    throw new Fault('misconfigured', `Only a Jump Client that runs as root opens shells as ${shellUser}.`);
  return { file: 'su', args: ['-l', shellUser], cwd: '/' };
};

/** Nothing of the Jump Client's own, among which may be secrets. */
const environment = (term: string): Record<string, string> => {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(GATEHOUSE_|NODE_|INVOCATION_ID|JOURNAL_STREAM)/.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), TERM: term };
};
