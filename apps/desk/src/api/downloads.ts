import { z } from 'zod';

/** GET /api/support-sessions/:connectionId/:lsid/transcript */
export const TranscriptQuery = z.object({ form: z.enum(['text', 'html', 'json']).default('text') });
/** GET …/recordings/:number: from 1, in the order of the report. `view`: shown instead of saved, where a browser can. */
export const OneThing = z.object({
  connectionId: z.uuid(),
  lsid: z.string().min(1).max(100),
  number: z.coerce.number().int().min(1).max(20_000),
});
export const RecordingQuery = z.object({ view: z.enum(['true', 'false']).default('false') });
