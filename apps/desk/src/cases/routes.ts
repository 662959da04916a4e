import type { Sql } from '@gatehouse/database';
import { type App, audit, problems } from '@gatehouse/server';
import { z } from 'zod';
import { CaseChange, CaseInput, CaseRow, CasesQuery, HistoryEntry, MergeInput, WholeCase } from '../api/cases.ts';
import { Key, ListQuery, list } from '../api/words.ts';
import type { DeskParts } from '../parts.ts';
import { type Caller, permit } from '../people/index.ts';
import { invalid } from '../problems.ts';
import { changeCase, createCase, holdCase } from './change.ts';
import { serveFields } from './field-routes.ts';
import { listHistory } from './history.ts';
import { mergeCases } from './merge.ts';
import { type CaseStatus, nextStatuses, toHtml } from './model.ts';
import { serveNotes } from './note-routes.ts';
import { findNamed, resolve } from './resolve.ts';
import { isCustomer, rowToJson, seeCase, wholeToJson } from './see.ts';
import { type CaseFilter, deleteCase, listCases, mergedNumbers } from './store.ts';

const config = { access: 'signed-in' } as const;
const tags = ['cases'];
const params = z.object({ key: Key });

/** The cases of the desk. Customers see and make their own; everybody else works on all of them. */
export const serveCases = (app: App, parts: DeskParts): void => {
  serveReading(app, parts);
  serveWriting(app, parts);
  serveNotes(app, parts);
  serveFields(app, parts);
};

const serveReading = (app: App, { database }: DeskParts): void => {
  app.get(
    '/api/cases',
    {
      config,
      schema: {
        ...{ summary: 'Cases, those that changed last first', tags, querystring: CasesQuery },
        response: { 200: list(CaseRow) },
      },
    },
    async (request) => {
      const caller = await permit(database, request, 'customer');
      return database.read(async (tx) => {
        const page = await listCases(tx, await filterOf(tx, caller, request.query));
        return { ...page, items: page.items.map(rowToJson) };
      });
    },
  );
  app.get(
    '/api/cases/:key',
    { config, schema: { summary: 'A case, by number or id', tags, params, response: { 200: WholeCase } } },
    async (request) => {
      const caller = await permit(database, request, 'customer');
      return database.read(async (tx) => wholeToJson(tx, caller, await seeCase(tx, caller, request.params.key)));
    },
  );
  app.get(
    '/api/cases/:key/history',
    {
      config,
      schema: {
        ...{ summary: 'What happened to a case, newest first', tags, params, querystring: ListQuery },
        response: { 200: list(HistoryEntry) },
      },
    },
    async (request) => {
      const caller = await permit(database, request, 'technician');
      return database.read(async (tx) => {
        const { id } = await seeCase(tx, caller, request.params.key);
        const page = await listHistory(tx, id, request.query);
        return {
          ...page,
          items: page.items.map(({ id: entry, at, ...more }) => ({ ...more, id: String(entry), at: at.toISOString() })),
        };
      });
    },
  );
};

const filterOf = async (tx: Sql, caller: Caller, query: z.output<typeof CasesQuery>): Promise<CaseFilter> => {
  const { assignee, team, requester, search, ...rest } = query;
  // What a customer finds must not tell what is in fields that they do not see.
  if (isCustomer(caller)) {
    const { table, status, cursor, limit } = rest;
    return { table, status, cursor, limit, requesterId: caller.person?.id ?? '' };
  }
  const none = (key: string | undefined) => (key === 'none' ? null : key);
  const { teamId, requesterId } = await resolve(tx, caller, { team: none(team), requester });
  // Whoever was assigned to a case may not work here any more, and is found all the same.
  const assigned = none(assignee);
  const assigneeId = typeof assigned === 'string' ? (await findNamed(tx, caller, 'assignee', assigned)).id : assigned;
  return { ...rest, search, assigneeId, teamId, requesterId: requesterId ?? undefined };
};

const serveWriting = (app: App, { database }: DeskParts): void => {
  app.post(
    '/api/cases',
    { config, schema: { summary: 'Make a case', tags, body: CaseInput, response: { 201: WholeCase } } },
    async (request, reply) => {
      const caller = await permit(database, request, 'customer');
      const { table, subject, description, fields, ...wanted } = request.body;
      const made = await database.system(async (tx) => {
        const named = isCustomer(caller)
          ? { requesterId: caller.person?.id ?? null }
          : await resolve(tx, caller, wanted);
        const { requesterId = null, assigneeId = null, teamId = null } = { assigneeId: null, teamId: null, ...named };
        const values = isCustomer(caller) ? {} : fields;
        const of = { table, subject, description: toHtml(description), requesterId, assigneeId, teamId };
        const { made, outcomes } = await createCase(tx, caller.act, of, values);
        refuseOutcomes(outcomes);
        return wholeToJson(tx, caller, made);
      });
      return reply.code(201).send(made);
    },
  );
  app.patch(
    '/api/cases/:key',
    { config, schema: { summary: 'Change a case', tags, params, body: CaseChange, response: { 200: WholeCase } } },
    async (request) => {
      const caller = await permit(database, request, 'technician');
      const { version, subject, description, status, fields, ...wanted } = request.body;
      return database.system(async (tx) => {
        const before = await holdCase(tx, request.params.key);
        if (version !== undefined && version !== before.version)
          throw problems.conflict('Somebody changed the case meanwhile. Look at it again.');
        refuseStatus(before.status, status, caller.role === 'manager');
        const named = await resolve(tx, caller, wanted);
        const given = {
          ...named,
          subject,
          status,
          ...(description !== undefined && { description: toHtml(description) }),
        };
        const { after, outcomes } = await changeCase(tx, caller.act, before, { ...given, values: fields });
        refuseOutcomes(outcomes);
        return wholeToJson(tx, caller, after);
      });
    },
  );
  app.post(
    '/api/cases/:key/merge',
    {
      config,
      schema: { summary: 'Merge a case into another', tags, params, body: MergeInput, response: { 200: WholeCase } },
    },
    async (request) => {
      const caller = await permit(database, request, 'technician');
      const { into } = request.body;
      return database.system(async (tx) =>
        wholeToJson(tx, caller, await mergeCases(tx, caller.act, request.params.key, into)),
      );
    },
  );
  app.delete(
    '/api/cases/:key',
    {
      config,
      schema: {
        ...{ summary: 'Delete a case for good, with what was merged into it', tags, params },
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      const { act } = await permit(database, request, 'manager');
      await database.system(async (tx) => {
        const { id, number, subject } = await holdCase(tx, request.params.key);
        const merged = await mergedNumbers(tx, id);
        await deleteCase(tx, id);
        await audit(tx, act, { action: 'case.delete', target: number, change: { subject, merged } });
      });
      return reply.code(204).send();
    },
  );
};

const refuseStatus = (from: CaseStatus, to: CaseStatus | undefined, mayManage: boolean): void => {
  if (to === undefined || to === from || nextStatuses(from, mayManage).includes(to)) return;
  const words = from === 'closed' ? 'A closed case is opened again by a manager.' : `It cannot become ${to} any more.`;
  throw problems.conflict(words);
};

const refuseOutcomes = (outcomes: readonly { readonly name: string; readonly outcome: string }[]): void => {
  const bad = outcomes.find(({ outcome }) => outcome !== 'applied');
  if (bad === undefined) return;
  throw invalid(
    `fields.${bad.name}`,
    bad.outcome === 'unknown' ? 'The table has no such field.' : 'This field takes one value.',
  );
};
