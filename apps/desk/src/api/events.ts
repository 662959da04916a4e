import { z } from 'zod';

const When = z.iso.datetime();
export const Cursor = z
  .string()
  .max(100)
  .refine((text) => Number.isFinite(Date.parse(text)), 'This cursor belongs to another list. Start at the first page.');

/** GET /api/events (managers), newest first */
export const EventsQuery = z.object({
  connectionId: z.uuid().optional(),
  cursor: Cursor.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  /** Those of which nothing could be made. */
  problems: z.enum(['true', 'false']).default('false'),
});
export type EventsQuery = z.output<typeof EventsQuery>;
export const EventList = z.object({
  items: z.array(
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
  ),
  next: z.string().nullable(),
});
