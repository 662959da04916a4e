import { z } from 'zod';

/**
 * The JSON API of the built-in desk, below `/api/desk/v1`. What serves it and what speaks it both read these shapes.
 *
 * Every request carries `Authorization: Bearer <token>`; 401: the token opens nothing, 403: it may not do this. Lists
 * are bounded as the shapes say. A case that is not there and one that the account must not see are both 404.
 *
 * | request | answer |
 * |---|---|
 * | `GET /me` | `Me` |
 * | `GET /cases/<id or number>` | `Case`; of a case that was merged into another, that other |
 * | `GET /cases?field=<name>&value=<value>` | `CaseList`: those whose field holds exactly this |
 * | `POST /cases` with `CaseDraft` | 201 `Case` |
 * | `PATCH /cases/<id>/fields` with `FieldsChange` | `FieldsChanged`; 412 where `If-Match` is not the version |
 * | `PUT /cases/<id>/notes/<session>/<part>` with `NoteDraft` | `NoteKept`; 412 likewise. Idempotent |
 * | `PUT /cases/<id>/status` with `StatusChange` | `Case`; 409 where the case cannot go there; 412 likewise |
 * | `POST /cases/<id>/replies` with `ReplyDraft` | 201 `ReplySent` |
 * | `GET /cases/<id>/notes` | `NoteList`, those that the account may see |
 * | `GET /people?login=<login>` or `?email=<address>` | `PeopleList` |
 * | `GET /changes?after=<cursor>` | `ChangeList`; without `after` none, and the cursor of now |
 *
 * Merging puts the notes of a case on the one that it is merged into. A note that stands already is answered as `found`
 * whatever `If-Match` says. `ETag` of a case is its version in quotes; `If-Match` takes the same and may be left out.
 */
export const apiFolder = '/api/desk/v1';

/** The tables that cases are in. */
export const caseTables = { support: 'Support Cases', helpdesk: 'Helpdesk Cases' } as const;
const CaseTable = z.enum(Object.keys(caseTables) as [keyof typeof caseTables, ...(keyof typeof caseTables)[]]);

export const caseStatuses = ['new', 'open', 'waiting', 'resolved', 'closed'] as const;
const CaseStatus = z.enum(caseStatuses);

/** What an account may be allowed to do. */
export const permissions = [
  'cases.read',
  'cases.write',
  'cases.create',
  'notes.read',
  'notes.write',
  'replies.write',
  'people.read',
] as const;
export const Permission = z.enum(permissions);

const id = z.string().min(1).max(100);
const line = z.string().max(1_000);
const text = z.string().max(1_000_000);

export const Person = z.object({
  id,
  login: line,
  name: line,
  email: z.string().max(320).nullable(),
});

/** Values of fields by their names; a list where a field takes several. */
export const Fields = z.record(
  z.string().max(200),
  z.union([z.string().max(10_000), z.array(line).max(2_000), z.null()]),
);

export const Case = z.object({
  id,
  /** As people write it: `SC-1024`. */
  number: z.string().min(1).max(100),
  /** Where people see it. */
  url: z.url().max(2_000),
  table: CaseTable,
  subject: line,
  status: CaseStatus,
  version: z.number().int().positive(),
  requester: Person.nullable(),
  assignee: Person.nullable(),
  team: line.nullable(),
  fields: Fields,
});

export const CaseList = z.object({ cases: z.array(Case).max(50) });

export const CaseDraft = z.object({
  table: CaseTable,
  subject: line.min(1),
  html: text,
  email: z.string().max(320).nullable(),
  team: line.nullable(),
  fields: Fields,
});

/** Only the fields that are named change; null empties one. */
export const FieldsChange = z.object({ fields: Fields });
export const FieldsChanged = z.object({
  case: Case,
  results: z.array(z.object({ name: z.string().max(200), outcome: z.enum(['applied', 'denied', 'unknown']) })).max(100),
});

/** `internal`: customers never see it, which is what a note is unless it says otherwise. */
export const Visibility = z.enum(['internal', 'public']);

export const NoteDraft = z.object({
  /** A later revision takes the place of an earlier one; an earlier one changes nothing. */
  revision: z.number().int().min(1).max(999_999),
  title: line,
  html: text,
  visibility: Visibility.default('internal'),
  minutes: z.number().int().min(0).max(100_000).default(0),
});

export const KeptNote = z.object({
  id,
  /** Of a note of a session; null of one that somebody wrote. */
  marker: z
    .object({ session: z.string().max(100), part: z.string().max(40), revision: z.number().int().positive() })
    .nullable(),
  visibility: Visibility,
  title: line,
  html: text,
  author: line,
  writtenAt: z.iso.datetime(),
});

export const NoteKept = z.object({ note: KeptNote, outcome: z.enum(['added', 'updated', 'found']) });
export const NoteList = z.object({ notes: z.array(KeptNote).max(1_000) });

export const StatusChange = z.object({ status: CaseStatus });

export const ReplyDraft = z.object({ subject: line, html: text });
export const ReplySent = z.object({ id });

export const PeopleList = z.object({ people: z.array(Person).max(20) });

export const ChangeList = z.object({ cases: z.array(id).max(1_000), cursor: z.string().max(200) });

export const Me = z.object({ login: line, permissions: z.array(Permission) });
