import { given, programSettings } from '@gatehouse/server';
import { z } from 'zod';

/** Everything that can be set about the site. */
export const Settings = z.object({
  ...programSettings('site'),
  /** Lets outbound events reach recipients inside the network of this server. */
  privateWebhooks: given.flag.default(false),
  /** Folder of the program of Jump Clients, which those that are pinned update themselves with. Left out: they do not. */
  jumpClientRelease: z.string().min(1).optional(),
});
