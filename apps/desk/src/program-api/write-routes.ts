import type { Sql } from '@gatehouse/database';
import {
  apiFolder,
  Case,
  CaseDraft,
  FieldsChange,
  FieldsChanged,
  NoteDraft,
  NoteKept,
  ReplyDraft,
  ReplySent,
  StatusChange,
} from '@gatehouse/desks/builtin/api';
import { type App, problems, type Request } from '@gatehouse/server';
import { z } from 'zod';
import {
  type CaseRow,
  changeCase,
  createCase,
  findNoteOfSession,
  getCase,
  holdCase,
  mailReply,
  nextStatuses,
  writeNote,
} from '../cases/index.ts';
import type { DeskParts } from '../parts.ts';
import { invalid, stale } from '../problems.ts';
import { findTeam } from '../teams/index.ts';
import { accountOf, admit, byOf, config, params, tags } from './admit.ts';
import { requesterOf } from './requester.ts';
import { toCases, toNote } from './shapes.ts';

/** A report of a session has up to a million characters, of several bytes each. */
const bodyLimit = 8 * 2 ** 20;
const usual = { config, bodyLimit } as const;

export const serveWrites = (app: App, { database, baseUrl, sealer, mail }: DeskParts): void => {
  const answer = async (tx: Sql, one: CaseRow) => {
    const [found] = await toCases(tx, baseUrl(), [one]);
    if (found === undefined) throw new Error('a case has no shape');
    return found;
  };
  app.post(
    `${apiFolder}/cases`,
    {
      ...{ ...usual, onRequest: admit(database, 'cases.create') },
      schema: { summary: 'Make a case', tags, body: CaseDraft, response: { 201: Case } },
    },
    async (request, reply) => {
      const { table, subject, html, email, team, fields } = request.body;
      const made = await database.system(async (tx) => {
        const by = byOf(request);
        const found = team === null ? null : await findTeam(tx, team);
        if (team !== null && found === null) throw invalid('team', 'There is no team with this name.');
        const requesterId = await requesterOf(tx, by, email);
        const of = { table, subject: line(subject), description: html, requesterId, assigneeId: null };
        // What the table does not have costs the others nothing: a session must not end without its case.
        const created = await createCase(tx, by, { ...of, teamId: found?.id ?? null }, fields);
        return answer(tx, created.made);
      });
      return reply.code(201).header('etag', `"${made.version}"`).send(made);
    },
  );
  app.patch(
    `${apiFolder}/cases/:key/fields`,
    {
      ...{ ...usual, onRequest: admit(database, 'cases.write') },
      schema: {
        ...{ summary: 'Change fields of a case, each by itself', tags, params },
        ...{ body: FieldsChange, response: { 200: FieldsChanged } },
      },
    },
    async (request, reply) => {
      const { fields } = request.body;
      if (Object.keys(fields).length > 100) throw invalid('fields', 'At most 100 fields at once.');
      const changed = await database.system(async (tx) => {
        const before = await holdCase(tx, request.params.key);
        refuseStale(request, before);
        const { after, outcomes } = await changeCase(tx, byOf(request), before, { values: fields });
        return {
          case: await answer(tx, after),
          results: outcomes.map(({ name, outcome }) => ({ name, outcome })),
        };
      });
      reply.header('etag', `"${changed.case.version}"`);
      return changed;
    },
  );
  app.put(
    `${apiFolder}/cases/:key/status`,
    {
      ...{ ...usual, onRequest: admit(database, 'cases.write') },
      schema: { summary: 'Move a case to a status', tags, params, body: StatusChange, response: { 200: Case } },
    },
    async (request, reply) => {
      const { status } = request.body;
      const moved = await database.system(async (tx) => {
        const before = await holdCase(tx, request.params.key);
        refuseStale(request, before);
        if (status !== before.status && !nextStatuses(before.status, false).includes(status))
          throw problems.conflict(`The case is ${before.status} and cannot become ${status}.`);
        const { after } = await changeCase(tx, byOf(request), before, { status });
        return answer(tx, after);
      });
      reply.header('etag', `"${moved.version}"`);
      return moved;
    },
  );
  app.post(
    `${apiFolder}/cases/:key/replies`,
    {
      ...{ ...usual, onRequest: admit(database, 'replies.write') },
      schema: { summary: 'Answer the customer', tags, params, body: ReplyDraft, response: { 201: ReplySent } },
    },
    async (request, reply) => {
      const { subject, html } = request.body;
      const { login } = accountOf(request);
      const note = { visibility: 'public', title: subject, html, minutes: 0, author: login, session: null } as const;
      const written = await database.system(async (tx) => {
        const one = await holdCase(tx, request.params.key);
        refuseStale(request, one);
        const kept = await writeNote(tx, byOf(request), one, note);
        if (kept === null) throw new Error('a note without a marker found another');
        return mailReply(tx, sealer, one, kept);
      });
      mail.wake();
      return reply.code(201).send({ id: written.id });
    },
  );
  serveSessionNotes(app, database);
};

const noteParams = params.extend({
  session: z.string().regex(/^[A-Za-z0-9._:-]{1,100}$/),
  part: z.string().regex(/^[a-z0-9-]{1,40}$/),
});

const serveSessionNotes = (app: App, database: DeskParts['database']): void => {
  app.put(
    `${apiFolder}/cases/:key/notes/:session/:part`,
    {
      ...{ ...usual, onRequest: admit(database, 'notes.write') },
      schema: {
        ...{ summary: 'Keep the note of a part of a session, once', tags, params: noteParams },
        ...{ body: NoteDraft, response: { 200: NoteKept } },
      },
    },
    async (request) => {
      const { key, session, part } = request.params;
      const { revision, ...draft } = request.body;
      const marker = { session, part, revision };
      return database.system(async (tx) => {
        const one = await holdCase(tx, key);
        const before = await findNoteOfSession(tx, one.id, marker);
        // What stands already is found whatever the version is: it may be this very note that changed it.
        if (before !== null && (before.session?.revision ?? 0) >= revision)
          return { note: toNote(before), outcome: 'found' as const };
        refuseStale(request, one);
        const { login } = accountOf(request);
        const kept = await writeNote(tx, byOf(request), one, { ...draft, author: login, session: marker });
        if (kept !== null)
          return { note: toNote(kept), outcome: before === null ? ('added' as const) : ('updated' as const) };
        const standing = await findNoteOfSession(tx, (await getCase(tx, one.id)).id, marker);
        if (standing === null) throw new Error('a note that stands already is not there');
        return { note: toNote(standing), outcome: 'found' as const };
      });
    },
  );
};

/** @throws Problem 412 */
const refuseStale = (request: Request, { version }: CaseRow): void => {
  const wanted = request.headers['if-match'];
  if (wanted === undefined || wanted.trim() === '*') return;
  if (!wanted.split(',').some((one) => one.trim() === `"${version}"`)) throw stale();
};

/** A subject is one line, whoever writes it. */
const line = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim() || '(no subject)';
