import { z } from 'zod';
import { When } from './words.ts';

/** GET /api/audit?search (system administrators) → list(AuditEntry), newest first */
export const AuditEntry = z.object({
  id: z.uuid(),
  at: When,
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  correlationId: z.string(),
  change: z.record(z.string(), z.unknown()),
});
