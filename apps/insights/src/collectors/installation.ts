import type { Release } from '@gatehouse/server';
import type { z } from 'zod';
import type { Installation } from '../api/collectors.ts';
import type { NewKey } from './keys.ts';

/**
 * For the program that this server offers; without one for a checkout of Gatehouse, and never for a package of somebody
 * else. The key is not part of it: what is typed stays in the history of a shell and in the list of processes.
 */
export const installCommand = (baseUrl: string, release: Pick<Release, 'program'> | null): string =>
  `${release === null ? 'npx --no-install gatehouse collector' : `node ${release.program}`} install --server ${baseUrl}`;

export const toInstallation = (
  { key, expiresAt }: NewKey,
  baseUrl: string,
  release: Pick<Release, 'program'> | null,
): z.input<typeof Installation> => ({
  key: key.reveal(),
  expiresAt: expiresAt.toISOString(),
  command: installCommand(baseUrl, release),
});
