import { programSettings } from '@gatehouse/server';
import { z } from 'zod';

/** Everything that can be set about the desk program. */
export const Settings = z.object({
  ...programSettings('desk'),
  /** Seconds between two looks for what no event told of. */
  reconcileSeconds: z.coerce.number().int().min(10).max(86_400).default(300),
});
