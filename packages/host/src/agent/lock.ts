import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@gatehouse/kernel';
import type { Agent } from './agent.ts';

/**
 * Takes the folder for this process alone; two of them on the same files would tear them apart. Returns how to give it back.
 * @throws Fault `misconfigured` while another one runs.
 */
export const lockHome = async ({ name, word }: Agent, home: string): Promise<() => Promise<void>> => {
  const path = join(home, 'running.pid');
  for (let attempt = 1; ; attempt++) {
    try {
      const file = await open(path, 'wx', 0o600);
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST') || attempt === 3) throw error;
      const pid = Number(await readFile(path, 'utf8').catch(() => '0'));
      if (await runs(word, pid))
        throw new Fault('misconfigured', `The ${name} of ${home} runs already, as process ${pid}.`);
      // Left by one that was killed.
      await rm(path, { force: true });
    }
  }
};

const runs = async (word: string, pid: number): Promise<boolean> => {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  // Another program may have got the number since; only Linux says which.
  if (process.platform !== 'linux') return true;
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return words === '' || words.includes(word);
};
