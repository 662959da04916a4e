import { z } from 'zod';
import { EndpointType, JoinInput } from './console.ts';

/** POST /api/console/launches/find (signed-in): with the token of a link, or with what the address of one says. */
export const LaunchInput = z.strictObject({
  token: z.string().min(1).max(200).optional(),
  /** As in the address: `search_string`, `jump.method`, `session.custom.external_key`. */
  parameters: z.record(z.string().max(120), z.string().max(1_024)).optional(),
});
export type LaunchInput = z.output<typeof LaunchInput>;

export const LaunchTarget = z.object({
  kind: EndpointType,
  id: z.int(),
  name: z.string(),
  hostname: z.string(),
  tag: z.string(),
  jumpGroup: z.string().nullable(),
  /** Why a session cannot begin now; null: it can. */
  obstacle: z.string().nullable(),
});
export type LaunchTarget = z.output<typeof LaunchTarget>;

export const LaunchAnswer = z.object({
  /** What was looked for, in the words of whoever made the link. */
  search: z.string(),
  externalKey: z.string(),
  items: z.array(LaunchTarget),
  /** There are more than are shown. */
  more: z.boolean(),
});

/**
 * POST /api/console/launches (signed-in): begins it, and uses the link up. With a Jump Client, as its conditions ask; the
 * `external_key` of a link is a ticket. The pages of Jump items ask for themselves.
 */
export const LaunchBegin = LaunchInput.extend({
  ...{ kind: LaunchTarget.shape.kind, id: z.int().positive() },
  ...JoinInput.shape,
});
/** Where the page goes on. */
export const LaunchBegun = z.object({ path: z.string() });
