import { caseStatuses, Visibility } from '@gatehouse/desks/builtin/api';
import { z } from 'zod';
import { PersonName } from './people.ts';
import { TeamName } from './teams.ts';
import { Key, Line, ListQuery, SearchQuery, When, Words } from './words.ts';

export const CaseTable = z.enum(['support', 'helpdesk']);
export const CaseStatus = z.enum(caseStatuses);

/** GET /api/cases → list(CaseRow), those that changed last first. Customers see their own. */
export const CasesQuery = SearchQuery.extend({
  table: CaseTable.optional(),
  /** One status, or `unresolved`: those that somebody has to do something about. */
  status: z.enum([...caseStatuses, 'unresolved']).optional(),
  /** An id or a login, `me` or `none`. */
  assignee: Key.optional(),
  /** An id or a name, or `none`. */
  team: Key.optional(),
  /** An id or a login. */
  requester: Key.optional(),
  /** With `value`: those whose field of this name holds exactly that. */
  field: Key.optional(),
  value: z
    .string()
    .max(1_000)
    .regex(/^[^\0]*$/)
    .optional(),
});
export const CaseRow = z.object({
  id: z.uuid(),
  number: z.string(),
  table: CaseTable,
  subject: z.string(),
  status: CaseStatus,
  requester: PersonName.nullable(),
  assignee: PersonName.nullable(),
  team: TeamName.nullable(),
  version: z.number().int(),
  createdAt: When,
  changedAt: When,
});

const FieldValue = z.union([z.string().max(10_000), z.array(z.string().max(1_000)).max(2_000), z.null()]);
export const FieldOfCase = z.object({ name: z.string(), takesMany: z.boolean(), value: FieldValue });

/** GET /api/cases/:key, by number or id; of a case that was merged into another, that other. */
export const WholeCase = CaseRow.extend({
  /** HTML of a short list of tags. */
  description: z.string(),
  /** Empty for customers. */
  fields: z.array(FieldOfCase),
  createdBy: z.string(),
  /** Numbers of those that were merged into it. */
  merged: z.array(z.string()),
  /** Where it can go from here, for who asks. */
  nextStatuses: z.array(CaseStatus),
});

const Subject = Line(300, 'Enter a subject.');
const Values = z.record(z.string().max(200), FieldValue);
/** Customers ask for themselves, and give no more than a table, a subject and a description. */
export const CaseInput = z.strictObject({
  table: CaseTable.default('support'),
  subject: Subject,
  description: Words(100_000).default(''),
  /** An id or a login. */
  requester: Key.nullable().default(null),
  assignee: Key.nullable().default(null),
  /** An id or a name. */
  team: Key.nullable().default(null),
  fields: Values.default({}),
});
/** PATCH /api/cases/:key. What is left out stays. */
export const CaseChange = z.strictObject({
  subject: Subject.optional(),
  description: Words(100_000).optional(),
  status: CaseStatus.optional(),
  requester: Key.nullable().optional(),
  assignee: Key.nullable().optional(),
  team: Key.nullable().optional(),
  fields: Values.optional(),
  /** Refused with 409 where somebody changed the case since. */
  version: z.number().int().positive().optional(),
});
export const MergeInput = z.strictObject({ into: Key });

/** GET /api/cases/:key/notes → list(CaseNote), oldest first. Customers see those that are public. */
export const CaseNote = z.object({
  id: z.uuid(),
  visibility: Visibility,
  title: z.string(),
  html: z.string(),
  minutes: z.number().int(),
  author: z.string(),
  writtenAt: When,
  /** Of a note of a support session. */
  session: z.object({ session: z.string(), part: z.string(), revision: z.number().int() }).nullable(),
  /** Of an answer to the customer, for the desk: how far its mail is. Null: none goes, or that is more than a month ago. */
  mail: z.object({ state: z.enum(['waiting', 'sent', 'failed']), problem: z.string() }).nullable(),
});
export const NoteInput = z.strictObject({
  text: Words(100_000).pipe(z.string().min(1, 'Write something.')),
  visibility: Visibility.default('internal'),
  minutes: z.coerce.number().int().min(0).max(100_000).default(0),
});

/** GET /api/cases/:key/history → list(HistoryEntry), newest first. */
export const HistoryEntry = z.object({
  id: z.string(),
  at: When,
  actor: z.string(),
  action: z.string(),
  /** What changed, by name: before and after, or what was said. */
  change: z.record(z.string(), z.unknown()),
});

/** GET /api/case-fields?table → list(CaseField), in their order; POST CaseFieldInput, DELETE …/:id (managers) */
export const CaseFieldsQuery = ListQuery.extend({ table: CaseTable.optional() });
export const CaseFieldInput = z.strictObject({ table: CaseTable, name: Line(100, 'Enter a name.') });
export const CaseField = z.object({
  id: z.uuid(),
  table: CaseTable,
  name: z.string(),
  takesMany: z.boolean(),
  /** Of support sessions: it cannot be deleted. */
  isOfSessions: z.boolean(),
});
