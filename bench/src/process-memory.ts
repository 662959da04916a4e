import { readFileSync, writeFileSync } from 'node:fs';

/** Resident memory of a process in KiB, and the most it was since it was last forgotten. */
export const memoryOf = (pid: number): { readonly now: number; readonly most: number } => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
  return { now: read('VmRSS'), most: read('VmHWM') };
};

export const forgetPeak = (pid: number) => writeFileSync(`/proc/${pid}/clear_refs`, '5');

export const mebibytes = (kibibytes: number) => `${Math.round(kibibytes / 1_024)} MiB`;
