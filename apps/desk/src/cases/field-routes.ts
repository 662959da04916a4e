import { type App, audit, problems } from '@gatehouse/server';
import { z } from 'zod';
import { CaseFieldInput, CaseField as CaseFieldShape, CaseFieldsQuery } from '../api/cases.ts';
import { list } from '../api/words.ts';
import type { DeskParts } from '../parts.ts';
import { permit } from '../people/index.ts';
import { invalid } from '../problems.ts';
import { countFields, deleteField, findField, insertField, listFields, mostFields } from './fields.ts';

const config = { access: 'signed-in' } as const;
const tags = ['case fields'];

/** The fields of the two tables. Those of support sessions are there from the beginning; managers add more. */
export const serveFields = (app: App, { database }: DeskParts): void => {
  app.get(
    '/api/case-fields',
    {
      config,
      schema: {
        ...{ summary: 'The fields of the tables, in their order', tags, querystring: CaseFieldsQuery },
        response: { 200: list(CaseFieldShape) },
      },
    },
    async (request) => {
      await permit(database, request, 'technician');
      return database.read((tx) => listFields(tx, request.query));
    },
  );
  app.post(
    '/api/case-fields',
    {
      config,
      schema: { summary: 'Add a field to a table', tags, body: CaseFieldInput, response: { 201: CaseFieldShape } },
    },
    async (request, reply) => {
      const { act } = await permit(database, request, 'manager');
      const made = await database.system(async (tx) => {
        const { table, name } = request.body;
        if ((await countFields(tx, table)) >= mostFields)
          throw problems.conflict(`A table has at most ${mostFields} fields.`);
        const field = await insertField(tx, { table, name });
        if (field === null) throw invalid('name', 'The table has a field of this name already.');
        await audit(tx, act, { action: 'case-field.create', target: name, change: { table } });
        return field;
      });
      return reply.code(201).send(made);
    },
  );
  app.delete(
    '/api/case-fields/:id',
    {
      config,
      schema: {
        ...{ summary: 'Delete a field with what it holds on every case', tags, params: z.object({ id: z.uuid() }) },
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      const { act } = await permit(database, request, 'manager');
      await database.system(async (tx) => {
        const field = await findField(tx, request.params.id);
        if (field === null) throw problems.notFound();
        if (field.isOfSessions) throw problems.conflict('Support sessions write to this field: it stays.');
        await deleteField(tx, field.id);
        await audit(tx, act, { action: 'case-field.delete', target: field.name, change: { table: field.table } });
      });
      return reply.code(204).send();
    },
  );
};
