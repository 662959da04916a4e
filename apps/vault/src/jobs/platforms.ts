import {
  activeDirectory,
  linuxPassword,
  mysql,
  type Platform,
  type PlatformId,
  postgresql,
  sqlServer,
  sshKey,
} from '../platforms/index.ts';

/** Every platform by its id. */
export const platforms: ReadonlyMap<PlatformId, Platform> = new Map(
  [linuxPassword, sshKey, activeDirectory, postgresql, mysql, sqlServer].map((platform) => [platform.id, platform]),
);
