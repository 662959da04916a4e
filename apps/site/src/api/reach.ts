import { z } from 'zod';
import { ListQuery } from './site.ts';

/** GET /api/users/:id/reach (system administrator), by name */
export const ReachQuery = ListQuery;
export const ReachItem = z.object({
  type: z.enum(['shell-jump', 'remote-vnc', 'remote-rdp']),
  id: z.int(),
  name: z.string(),
  hostname: z.string(),
  port: z.int().nullable(),
  tag: z.string(),
  comments: z.string(),
  jumpGroup: z.object({ id: z.int(), name: z.string() }).nullable(),
  ecmGroupId: z.int().nullable(),
  jumpPolicyId: z.int().nullable(),
  sessionPolicyId: z.int().nullable(),
  /** Why a session cannot begin now; null: it can. */
  obstacle: z.enum(['disabled', 'access', 'protocol', 'role', 'schedule']).nullable(),
});
export const ReachOfUser = z.object({ items: z.array(ReachItem), next: z.string().nullable() });
