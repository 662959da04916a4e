import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { type App, audit, problems } from '@gatehouse/server';
import { z } from 'zod';
import { ApprovalInput, Approvals, DecisionInput, ItemId } from '../api/console.ts';
import { findReach } from '../reach/index.ts';
import { requireUser } from '../users/index.ts';
import { askForApproval } from './ask.ts';
import { approvalsPage, tellAsker } from './mail.ts';
import { decideApproval, listApprovals } from './store.ts';

const config = { access: 'signed-in' } as const;
const tags = ['approvals'];

export const serveApprovals = (
  app: App,
  { database, clock, baseUrl }: { readonly database: Database; readonly clock: Clock; readonly baseUrl: () => string },
): void => {
  app.post(
    '/api/console/items/:type/:id/approvals',
    { config, schema: { summary: 'Ask for an approval', tags, params: ItemId, body: ApprovalInput } },
    async (request, reply) => {
      const { act, body, params: item } = request;
      await database.system(async (tx) => {
        const user = await requireUser(tx, request);
        const reach = await findReach(tx, user.id, item, clock.now());
        if (reach === null) throw problems.notFound();
        await askForApproval({ tx, by: act, now: clock.now(), baseUrl: baseUrl() }, user.id, reach, body);
      });
      return reply.code(204).send();
    },
  );

  app.get(
    '/api/console/approvals',
    {
      config,
      schema: { summary: 'What you asked for, and what you decide', tags, response: { 200: Approvals } },
    },
    async (request) => {
      const items = await database.system(async (tx) =>
        listApprovals(tx, (await requireUser(tx, request)).id, clock.now()),
      );
      return { items, next: null };
    },
  );

  app.post(
    '/api/console/approvals/:id',
    {
      config,
      schema: { summary: 'Approve or deny', tags, params: z.object({ id: z.uuid() }), body: DecisionInput },
    },
    async (request, reply) => {
      const { act, body, params } = request;
      await database.system(async (tx) => {
        const user = await requireUser(tx, request);
        const at = clock.now();
        const item = await decideApproval(tx, params.id, { userId: user.id, name: user.name }, body, at);
        if (item === null) throw problems.notFound();
        const action = body.approve ? 'approval.approve' : 'approval.deny';
        await audit(tx, act, { action, target: item, change: { comment: body.comment } });
        await tellAsker(tx, { approvalId: params.id, at, consoleUrl: `${baseUrl()}${approvalsPage}` });
      });
      return reply.code(204).send();
    },
  );
};
