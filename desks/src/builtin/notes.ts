import { type IfVersion, markerPrefix, type Note, type NoteWritten, oneLine, safeHtml } from '@gatehouse/desk-kit';
import { NoteKept, ReplySent } from './api.ts';
import { write } from './cases.ts';
import type { BuiltinClient } from './session.ts';

/** The desk itself keeps one note for each session and part. */
export const addNote = async (
  client: BuiltinClient,
  id: string,
  { marker, title, html, minutes = 0 }: Note,
  ifVersion: IfVersion,
): Promise<NoteWritten> => {
  // Throws for a marker that is none, before it becomes a path.
  markerPrefix(marker);
  const body = { revision: marker.revision, title: oneLine(title), html: safeHtml(html), minutes };
  const path = `/notes/${marker.session}/${marker.part}`;
  const written = await write(client, id, path, NoteKept, { method: 'PUT', body }, ifVersion);
  if (written.state !== 'done') return written;
  return { state: 'done', id: written.body.note.id, how: written.body.outcome };
};

export const reply = async (
  client: BuiltinClient,
  id: string,
  { subject, html }: { readonly subject: string; readonly html: string },
): Promise<NoteWritten> => {
  const body = { subject: oneLine(subject), html: safeHtml(html) };
  const written = await write(client, id, '/replies', ReplySent, { method: 'POST', body }, null);
  return written.state === 'done' ? { state: 'done', id: written.body.id, how: 'added' } : written;
};
