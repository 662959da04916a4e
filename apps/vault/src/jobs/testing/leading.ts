import type { Platform } from '../../platforms/index.ts';
import type { ChangeParts } from '../change-parts.ts';

/** Platforms of tests whose hosts have names that lead nowhere. */
export const leading = (platforms: Iterable<Platform>, addresses: readonly string[]): ChangeParts['platforms'] =>
  new Map(
    [...platforms].map((platform) => [
      platform.id,
      {
        ...platform,
        verify: (system, ...rest) => platform.verify({ ...system, addresses }, ...rest),
        change: (system, ...rest) => platform.change({ ...system, addresses }, ...rest),
      } satisfies Platform,
    ]),
  );
