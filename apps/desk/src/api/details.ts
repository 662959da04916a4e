import { z } from 'zod';
import { SessionReport } from './report.ts';
import { ListQuery, list, When } from './words.ts';

/** GET /api/support-sessions (signed-in): newest first; of one ticket by its id at the desk. */
export const DetailsQuery = ListQuery.extend({
  connectionId: z.uuid().optional(),
  ticketId: z.string().min(1).max(200).optional(),
  /** Those that were given up. */
  dead: z.enum(['true', 'false']).default('false'),
});
export const Detail = z.object({
  connectionId: z.uuid(),
  lsid: z.string(),
  externalKey: z.string(),
  ticketId: z.string().nullable(),
  ticketNumber: z.string().nullable(),
  ticketUrl: z.string().nullable(),
  outcome: z.enum(['new', 'attached', 'created', 'ignored', 'unmatched', 'gone']),
  state: z.enum(['unknown', 'open', 'ended']),
  customer: z.string(),
  representative: z.string(),
  beganAt: When.nullable(),
  endedAt: When.nullable(),
  reportedAt: When.nullable(),
  dueAt: When.nullable(),
  tries: z.int(),
  problem: z.string(),
  deadAt: When.nullable(),
  firstHeardAt: When,
});
export const DetailList = list(Detail);

/** GET /api/support-sessions/:connectionId/:lsid: with its report, without addresses that open something by themselves. */
export const WholeDetail = Detail.extend({
  report: SessionReport.omit({ downloads: true }).nullable(),
  notes: z.array(z.object({ part: z.string(), ticketId: z.string(), revision: z.int(), writtenAt: When })),
  /** What can be opened through this program. */
  hasChat: z.boolean(),
  recordings: z.int(),
});
