import type { App } from '@gatehouse/server';
import { z } from 'zod';
import { CaseNote, NoteInput } from '../api/cases.ts';
import { Key, ListQuery, list } from '../api/words.ts';
import type { DeskParts } from '../parts.ts';
import { permit } from '../people/index.ts';
import { changeCase, getCase, holdCase, writeNote } from './change.ts';
import { authorOf, toHtml } from './model.ts';
import { listNotes } from './notes.ts';
import { mailReply } from './reply.ts';
import { isCustomer, noteToJson, seeCase } from './see.ts';

const config = { access: 'signed-in' } as const;
const tags = ['cases'];
const params = z.object({ key: Key });

export const serveNotes = (app: App, { database, sealer, mail }: DeskParts): void => {
  app.get(
    '/api/cases/:key/notes',
    {
      config,
      schema: {
        ...{ summary: 'The conversation of a case, oldest first', tags, params, querystring: ListQuery },
        response: { 200: list(CaseNote) },
      },
    },
    async (request) => {
      const caller = await permit(database, request, 'customer');
      return database.read(async (tx) => {
        const { id } = await seeCase(tx, caller, request.params.key);
        const page = await listNotes(tx, id, isCustomer(caller), request.query);
        return { ...page, items: page.items.map((note) => noteToJson(note, caller)) };
      });
    },
  );
  app.post(
    '/api/cases/:key/notes',
    {
      config,
      schema: {
        ...{ summary: 'Write a note, which customers do not see unless it is public', tags, params },
        ...{ body: NoteInput, response: { 201: CaseNote } },
      },
    },
    async (request, reply) => {
      const caller = await permit(database, request, 'customer');
      const { text, visibility, minutes } = request.body;
      const written = await database.system(async (tx) => {
        const { id } = await seeCase(tx, caller, request.params.key);
        const one = await holdCase(tx, id);
        const kept = await writeNote(tx, caller.act, one, {
          ...{ title: '', html: toHtml(text), session: null, author: authorOf(caller.act) },
          ...(isCustomer(caller) ? { visibility: 'public', minutes: 0 } : { visibility, minutes }),
        });
        if (kept === null) throw new Error('a note without a marker found another');
        // Whoever is answered waits no longer: neither for the customer nor as resolved.
        if (isCustomer(caller) && ['waiting', 'resolved'].includes(one.status))
          await changeCase(tx, caller.act, await getCase(tx, one.id), { status: 'open' });
        return isCustomer(caller) ? kept : mailReply(tx, sealer, one, kept);
      });
      mail.wake();
      return reply.code(201).send(noteToJson(written, caller));
    },
  );
};
