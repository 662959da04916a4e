import {
  type IfVersion,
  isSameNote,
  type Marker,
  markerIn,
  markerText,
  type Note,
  type NoteWritten,
  oneLine,
  plainText,
} from '@gatehouse/desk-kit';
import { statusOf } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { z } from 'zod';
import { type Issue, type Journal, readIssue } from './issues.ts';
import { type Me, type RedmineClient, system, whoAmI } from './session.ts';
import { verbatim } from './write.ts';

/**
 * A note goes alone: a file or a change of a field in the same request would stand in a public journal. Without the
 * permission set_notes_private Redmine makes the note public and says that all is well, so the permission is looked at
 * each time, before anything is sent. What two processes write at once is found afterwards, and the later one removed.
 */
export const addNote = async (
  client: RedmineClient,
  key: string,
  note: Note,
  ifVersion: IfVersion,
): Promise<NoteWritten> => {
  const me = await whoAmI(client);
  for (let tries = 0; tries < mostTries; tries++) {
    const issue = await readIssue(client, key);
    if (issue === null) return { state: 'gone' };
    const [standing] = notesOf(issue, me, note.marker);
    if (standing !== undefined && standing.marker.revision >= note.marker.revision)
      return { state: 'done', id: standing.id, how: 'found' };
    if (ifVersion !== null && issue.version !== ifVersion) return { state: 'stale', ticket: issue };
    await claimAllowed(me, issue, standing === undefined ? forNew : forChanged);
    const mine = crypto.randomUUID().slice(0, 8);
    const words = { notes: textOf(note, client, mine), private_notes: true };
    if (standing !== undefined) await putJournal(client, standing.id, words);
    else await putNote(client, issue.id, words);
    const written = await settled(client, issue.id, me, note, mine);
    if (written === 'overtaken') continue;
    return written.state === 'done' && written.how === 'added' && standing !== undefined
      ? { ...written, how: 'updated' }
      : written;
  }
  throw new Fault('throttled', 'Other processes are writing the same note. It is tried again later.');
};

const mostTries = 5;
const forNew = ['add_issue_notes', 'set_notes_private'];
const forChanged = ['edit_own_issue_notes'];

interface Standing {
  readonly id: string;
  readonly marker: Marker;
  readonly journal: Journal;
}

/** Notes of ours, oldest first. A marker that somebody else wrote counts for nothing. */
const notesOf = ({ journals }: Issue, me: Me, wanted: Marker): readonly Standing[] =>
  journals.flatMap((journal) => {
    // Ours is the last line; what is before it may quote others.
    const marker = journal.user?.id === me.id ? markerIn(lastLine(journal.notes ?? '')) : null;
    return marker !== null && isSameNote(marker, wanted) ? [{ id: String(journal.id), marker, journal }] : [];
  });

const lastLine = (text: string): string =>
  text
    .trimEnd()
    .split(/\r\n|\r|\n/)
    .at(-1) ?? '';

/** With a word at the end by which the process that wrote it knows it again: Redmine gives no number of what it took. */
const textOf = ({ marker, title, html }: Note, { settings }: RedmineClient, mine: string): string =>
  `${verbatim(`${oneLine(title)}\n\n${plainText(html)}`, settings.formatting)}\n\n${markerText(marker)} ${mine}`;

/** The note is looked for, all but the first one of several removed, and one that is public emptied. */
const settled = async (
  client: RedmineClient,
  id: string,
  me: Me,
  { marker }: Note,
  mine: string,
): Promise<NoteWritten | 'overtaken'> => {
  const issue = await readIssue(client, id);
  if (issue === null) return { state: 'gone' };
  const [first, ...more] = notesOf(issue, me, marker);
  if (first === undefined) throw notKept();
  const exposed = [first, ...more].filter(({ journal }) => !journal.private_notes);
  for (const one of exposed) await putJournal(client, one.id, { notes: '' });
  if (exposed.length > 0) throw notPrivate();
  // What nobody may remove is no reason to lose the note: both stand then, and say the same.
  for (const one of more) await putJournal(client, one.id, { notes: '' }).catch(() => undefined);
  if (first.marker.revision < marker.revision) return 'overtaken';
  const isMine = lastLine(first.journal.notes ?? '').endsWith(` ${mine}`);
  return { state: 'done', id: first.id, how: isMine ? 'added' : 'found' };
};

const putNote = async (
  { http }: RedmineClient,
  id: string,
  issue: Readonly<Record<string, unknown>>,
): Promise<void> => {
  try {
    await http.request(`/issues/${id}.json`, z.unknown(), { method: 'PUT', body: { issue }, retry: false });
  } catch (error) {
    // A conflict with another write of the same moment, or an issue that has gone: what is read back tells.
    if (![404, 409, 422].includes(statusOf(error) ?? 0)) throw error;
  }
};

const putJournal = async (
  { http }: RedmineClient,
  id: string,
  journal: Readonly<Record<string, unknown>>,
): Promise<void> => {
  try {
    await http.request(`/journals/${id}.json`, z.unknown(), { method: 'PUT', body: { journal }, retry: true });
  } catch (error) {
    // Somebody else removed it already.
    if (statusOf(error) !== 404) throw error;
  }
};

const claimAllowed = async (me: Me, { project }: Issue, permissions: readonly string[]): Promise<void> => {
  for (const permission of permissions) {
    if (!(await me.may(project, permission)))
      throw new Fault(
        'forbidden',
        `Give the role of the account the permission ${permission} in the project of the issue.`,
      );
  }
};

const notKept = (): Fault =>
  new Fault(
    'forbidden',
    `${system} said that it took the note, and did not keep it.`,
    'PUT /issues -> 204, and no journal',
  );

const notPrivate = (): Fault =>
  new Fault('forbidden', `${system} made a note public, so it was emptied. Give the account set_notes_private.`);
