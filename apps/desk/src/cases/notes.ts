import type { Sql } from '@gatehouse/database';
import { newId } from '@gatehouse/kernel';
import type { MailState } from '@gatehouse/mail';
import { sql } from 'kysely';
import { type PageOf, type PageQuery, readPage } from '../paging.ts';

export type Visibility = 'internal' | 'public';

/** What makes a note of a session the same note, however often it is said. */
export interface Marker {
  readonly session: string;
  readonly part: string;
  readonly revision: number;
}

export interface CaseNote {
  readonly id: string;
  /** `internal`: customers never see it. */
  readonly visibility: Visibility;
  readonly title: string;
  /** HTML that was made safe. */
  readonly html: string;
  readonly minutes: number;
  readonly author: string;
  readonly writtenAt: Date;
  readonly session: Marker | null;
  /** How far the mail to the customer is; null: none goes, or that is too long ago. */
  readonly mail: { readonly state: MailState; readonly problem: string } | null;
}

const columns = sql`n.note_id as id, n.visibility, n.title, n.html, n.minutes, n.author, n.written_at as "writtenAt",
  case when n.session is null then null
    else json_build_object('session', n.session, 'part', n.part, 'revision', n.revision) end as session,
  (select json_build_object('state', m.state, 'problem', m.problem) from mails m
    where m.key = 'reply:' || n.note_id::text) as mail`;

/** Oldest first. */
export const listNotes = (tx: Sql, caseId: string, isCustomer: boolean, query: PageQuery): Promise<PageOf<CaseNote>> =>
  readPage<CaseNote>(
    tx,
    {
      ...{ columns, from: sql`case_notes n`, scope: ['notes', caseId, isCustomer] },
      where: sql`n.case_id = ${caseId} and ${isCustomer ? sql`n.visibility = 'public'` : sql`true`}`,
      order: [
        { column: sql`n.written_at`, type: 'timestamptz' },
        { column: sql`n.note_id`, type: 'uuid' },
      ],
    },
    query,
  );

/** The newest, oldest of them first; at most a thousand. */
export const newestNotes = async (tx: Sql, caseId: string): Promise<readonly CaseNote[]> => {
  const { rows } = await sql<CaseNote>`
    select ${columns} from case_notes n where n.case_id = ${caseId}
    order by n.written_at desc, n.note_id desc limit 1000`.execute(tx);
  return rows.toReversed();
};

export const findNoteOfSession = async (
  tx: Sql,
  caseId: string,
  { session, part }: Pick<Marker, 'session' | 'part'>,
): Promise<CaseNote | null> => {
  const { rows } = await sql<CaseNote>`
    select ${columns} from case_notes n
    where n.case_id = ${caseId} and n.session = ${session} and n.part = ${part}`.execute(tx);
  return rows[0] ?? null;
};

export type NewNote = Omit<CaseNote, 'id' | 'writtenAt' | 'mail'>;

/**
 * A new note; of a session, the later revision in place of the earlier. The database lets one stand for each session and
 * part, so that of two who say it at once one finds the other's. Null: this revision stands there already, or a later one.
 */
export const putNote = async (tx: Sql, caseId: string, note: NewNote): Promise<CaseNote | null> => {
  const { session, part, revision } = note.session ?? { session: null, part: null, revision: null };
  const { rows } = await sql<CaseNote>`
    insert into case_notes as n (note_id, case_id, session, part, revision, visibility, title, html, minutes, author,
      written_at)
    values (${newId()}, ${caseId}, ${session}, ${part}, ${revision}, ${note.visibility}, ${note.title}, ${note.html},
      ${note.minutes}, ${note.author}, clock_timestamp())
    on conflict on constraint case_notes__session_part_stands_once do update set revision = excluded.revision,
      visibility = excluded.visibility, title = excluded.title, html = excluded.html, minutes = excluded.minutes,
      author = excluded.author, written_at = excluded.written_at
    where n.revision < excluded.revision returning ${columns}`.execute(tx);
  return rows[0] ?? null;
};
