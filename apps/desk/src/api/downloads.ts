import { z } from 'zod';
import { Key } from './words.ts';

/** GET /api/support-sessions/:connectionId/:lsid/transcript */
export const TranscriptQuery = z.object({ form: z.enum(['text', 'html', 'json']).default('text') });
/** GET /api/cases/:key/transcripts: what was said, as far as customers may have it. */
export const TranscriptList = z.object({
  items: z.array(z.object({ lsid: z.string(), beganAt: z.iso.datetime().nullable() })),
});
/** GET /api/cases/:key/transcripts/:lsid */
export const OneTranscript = z.object({ key: Key, lsid: z.string().min(1).max(100) });

/** GET …/recordings/:number: from 1, in the order of the report. `view`: shown instead of saved, where a browser can. */
export const OneThing = z.object({
  connectionId: z.uuid(),
  lsid: z.string().min(1).max(100),
  number: z.coerce.number().int().min(1).max(20_000),
});
export const RecordingQuery = z.object({ view: z.enum(['true', 'false']).default('false') });
