import {
  activeDirectory,
  linuxPassword,
  mysql,
  type Platform,
  type PlatformId,
  postgresql,
  sshKey,
} from '../platforms/index.ts';

/** Every platform by its id. */
export const platforms: ReadonlyMap<PlatformId, Platform> = new Map(
  [linuxPassword, sshKey, activeDirectory, postgresql, mysql].map((platform) => [platform.id, platform]),
);
