import { given, programSettings } from '@gatehouse/server';
import { z } from 'zod';

/** Everything that can be set about insights. */
export const Settings = z.object({
  ...programSettings('insights'),
  role: given.role,
  /** Folder of the collector that is offered to collectors and for download. */
  collectorRelease: z.string().min(1).optional(),
  /** Addresses from which pulls leave, joined by commas. */
  egressAddresses: given.words.default([]),
  /** Lets webhooks reach receivers inside the network of this server. */
  privateWebhooks: given.flag.default(false),
});
