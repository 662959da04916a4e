import { Fault } from '@gatehouse/kernel';
import type { Command } from 'commander';
import { vi } from 'vitest';

/** What a command printed, its exit code, and what it would say of a failure. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command as if it had been typed, in this process: starting one for each would take longer than everything else. */
export const typed = async (command: Command, words: readonly string[]): Promise<Said> => {
  let stdout = '';
  const writing = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    stdout += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    return true;
  });
  try {
    await command.parseAsync([...words], { from: 'user' });
    return { code: 0, stdout, stderr: '' };
  } catch (error) {
    return { code: 1, stdout, stderr: error instanceof Fault ? error.advice : String(error) };
  } finally {
    writing.mockRestore();
  }
};
