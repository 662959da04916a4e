import { spawn } from 'node:child_process';
import { Fault } from '@gatehouse/kernel';
import { bounded } from '../redact.ts';
import { parseRegistry } from './parse-registry.ts';
import type { Registry } from './registry.ts';

export interface RegistryOptions {
  /** The full path of reg.exe: a bare name would be looked for in the working folder first. */
  readonly program: string;
  /** What stands before its own arguments; tests give it a script. */
  readonly before?: readonly string[];
  /** Ends whatever runs. */
  readonly signal: AbortSignal;
  /** Milliseconds for one key. Default 30,000. */
  readonly timeoutMs?: number;
  /** The largest answer. Default 16 MiB. */
  readonly maxBytes?: number;
}

export const openRegistry = (options: RegistryOptions): Registry => ({
  async read(machine, key) {
    if (!/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,253})$/.test(machine))
      throw new Fault('unexpected', 'The name of a machine cannot be used.', bounded(JSON.stringify(machine), 300));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a key with any could end the command line
    if (!/^[^"/\\\u0000-\u001f][^"/\u0000-\u001f]{0,500}[^"\\/\u0000-\u001f]$/.test(key))
      throw new Fault('unexpected', 'The name of a registry key cannot be used.', bounded(JSON.stringify(key), 300));
    const whole = await query(options, machine, key, ['/s']);
    if (whole !== null) return parseRegistry(whole, key);
    // No such key, or not allowed? The program says so only in words: the key that it is in tells whether it is there.
    const parent = key.slice(0, key.lastIndexOf('\\'));
    const around = parent === '' ? null : await query(options, machine, parent, []);
    if (around !== null && !parseRegistry(around, parent).has(key.slice(parent.length + 1).toLowerCase())) return null;
    throw new Fault(
      'forbidden',
      `The registry of ${machine} cannot be read. Check that the machine can be reached, that its service Remote Registry runs, and that the account of the collector may read it.`,
      `${machine}: HKLM\\${around === null ? parent : key}`,
    );
  },
});

/** What the program prints; null where it says that it could not. */
const query = (
  options: RegistryOptions,
  machine: string,
  key: string,
  more: readonly string[],
): Promise<string | null> => {
  const { program, before = [], signal, timeoutMs = 30_000, maxBytes = 16 * 1024 * 1024 } = options;
  const { promise, resolve, reject } = Promise.withResolvers<string | null>();
  const child = spawn(program, [...before, 'query', `\\\\${machine}\\HKLM\\${key}`, ...more], {
    ...{ stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true, signal, timeout: timeoutMs, killSignal: 'SIGKILL' },
  });
  const parts: Buffer[] = [];
  let length = 0;
  child.stdout.on('data', (part: Buffer) => {
    length += part.length;
    if (length <= maxBytes) parts.push(part);
    else child.kill('SIGKILL');
  });
  child.on('error', (error) => {
    reject(
      signal.aborted ? signal.reason : new Fault('unexpected', 'The registry cannot be read here.', error.message),
    );
  });
  child.on('close', (code) => {
    if (length > maxBytes)
      reject(new Fault('unexpected', `The registry of ${machine} has more than can be taken in.`, `HKLM\\${key}`));
    // No code: it ran out of time.
    else if (code === null)
      reject(new Fault('unreachable', `The registry of ${machine} did not answer.`, `HKLM\\${key}: ${timeoutMs} ms`));
    // Names and values that rules read are ASCII in every code page of the console.
    else resolve(code === 0 ? Buffer.concat(parts).toString('latin1') : null);
  });
  return promise;
};
