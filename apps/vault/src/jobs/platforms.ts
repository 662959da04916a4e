import { linuxPassword, type Platform, type PlatformId, sshKey } from '../platforms/index.ts';

/** Every platform by its id. */
export const platforms: ReadonlyMap<PlatformId, Platform> = new Map(
  [linuxPassword, sshKey].map((platform) => [platform.id, platform]),
);
