import type { z } from 'zod';
import type { Installation } from '../api/collectors.ts';
import type { NewKey } from './keys.ts';

/** The key is not part of it: what is typed stays in the history of a shell and in the list of processes. */
export const installCommand = (baseUrl: string): string => `npx gatehouse collector install --server ${baseUrl}`;

export const toInstallation = ({ key, expiresAt }: NewKey, baseUrl: string): z.input<typeof Installation> => ({
  key: key.reveal(),
  expiresAt: expiresAt.toISOString(),
  command: installCommand(baseUrl),
});
