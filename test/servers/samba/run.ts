import { spawn } from 'node:child_process';

export interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Settings {
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  /** What it prints goes to /dev/null. */
  readonly isDropped?: boolean;
}

/** Runs a program to its end, whatever that is. */
export const tryRun = (command: string, args: readonly string[], settings: Settings = {}): Promise<Output> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: '/',
      env: { ...process.env, LC_ALL: 'C.UTF-8', ...settings.env },
      timeout: settings.timeoutMs ?? 120_000,
      stdio: ['pipe', settings.isDropped ? 'ignore' : 'pipe', 'pipe'],
    });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout?.on('data', (part) => out.push(part));
    child.stderr?.on('data', (part) => err.push(part));
    child.once('error', reject);
    // A program that ends without reading must not end us.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(settings.input ?? '');
    child.once('close', (code) =>
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });

/** Runs a program that must succeed; gives what it printed. */
export const run = async (command: string, args: readonly string[], settings: Settings = {}): Promise<string> => {
  const { code, stdout, stderr } = await tryRun(command, args, settings);
  if (code === 0) return stdout;
  throw new Error(`${command} ended with ${code}: ${`${stderr}${stdout}`.trim().slice(-2_000)}`);
};
