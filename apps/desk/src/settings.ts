import { given, programSettings } from '@gatehouse/server';
import { z } from 'zod';

/** Everything that can be set about the desk program. */
export const Settings = z.object({
  ...programSettings('desk'),
  /** Lets it reach sites and desks inside the network of this server, where most of them are. */
  privateNetworks: given.flag.default(true),
});
