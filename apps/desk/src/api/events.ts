import { z } from 'zod';
import { ListQuery, list, When } from './words.ts';

/** GET /api/events (managers), newest first */
export const EventsQuery = ListQuery.extend({
  connectionId: z.uuid().optional(),
  /** Those of which nothing could be made. */
  problems: z.enum(['true', 'false']).default('false'),
});
export type EventsQuery = z.output<typeof EventsQuery>;
export const EventList = list(
  z.object({
    eventId: z.uuid(),
    connectionId: z.uuid(),
    receivedAt: When,
    sender: z.string(),
    event: z.string(),
    lsid: z.string(),
    parameters: z.record(z.string(), z.string()),
    problem: z.string(),
  }),
);
