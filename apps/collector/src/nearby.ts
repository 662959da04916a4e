import { win32 } from 'node:path';
import { type HostOptions, openFiles, openRegistry } from '@gatehouse/host';
import { z } from 'zod';

const Folder = z.object({ sysvol: z.string().trim().min(1) });

/**
 * What a host has beside the network, on a machine near the system: the folder that its settings name, and on Windows
 * the registries of other machines.
 */
export const nearby = (settings: unknown, signal: AbortSignal): Pick<HostOptions, 'files' | 'registry'> => {
  const folder = Folder.safeParse(settings).data?.sysvol;
  return {
    ...(folder !== undefined && { files: openFiles({ root: folder, system: 'SYSVOL' }) }),
    ...(process.platform === 'win32' && { registry: openRegistry({ program: registryProgram(), signal }) }),
  };
};

const registryProgram = () => win32.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'reg.exe');
