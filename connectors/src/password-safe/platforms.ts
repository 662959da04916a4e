import { toFault } from '@gatehouse/kernel';
import type { PasswordSafeClient } from './client.ts';
import { numberAt, textAt } from './shapes.ts';

/** Names of platforms by their numbers: "Windows", "Active Directory". Empty where they may not be read: names are a comfort. */
export const readPlatforms = (client: PasswordSafeClient): Promise<ReadonlyMap<number, string>> =>
  client.once('platforms', async () => {
    try {
      const { items } = await client.list(
        '/Platforms',
        (item) => [numberAt(item, 'PlatformID'), textAt(item, 'Name')] as const,
      );
      return new Map(
        items.flatMap(([number, name]) => (number === null || name === null ? [] : [[number, name] as const])),
      );
    } catch (error) {
      if (!['forbidden', 'unexpected'].includes(toFault(error).kind)) throw error;
      return new Map();
    }
  });
