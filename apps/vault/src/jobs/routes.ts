import type { Sql } from '@gatehouse/database';
import { type App, problems, type ServerEvent, sendEvents } from '@gatehouse/server';
import { sql } from 'kysely';
import { z } from 'zod';
import { Job, JobDetail, JobInput, JobMade, jobStates } from '../api/jobs.ts';
import { Flag, ListQuery, list } from '../api/words.ts';
import { authorOf, change } from '../change.ts';
import { findCredential } from '../credentials/index.ts';
import { readPage } from '../paging.ts';
import type { VaultParts } from '../parts.ts';
import { invalid } from '../problems.ts';
import { createJob, createSpin } from './door.ts';
import type { Job as StoredJob } from './model.ts';
import {
  cancelJob,
  deleteJob,
  findJob,
  jobColumns,
  listMessages,
  listTargets,
  missingCredentials,
  runAgain,
} from './store.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['jobs'];
const params = z.object({ jobId: z.coerce.number().int().min(1).max(2_147_483_647) });
const OfCredential = z.object({ credentialId: z.uuid() });

export interface JobRouteParts extends VaultParts {
  /** Called after a job was made in this process. */
  wake(): void;
}

export const serveJobs = (app: App, parts: JobRouteParts): void => {
  const { database, clock } = parts;
  app.get(
    '/api/jobs',
    {
      config,
      schema: {
        ...{ summary: 'Jobs, newest first', tags, response: { 200: list(Job) } },
        querystring: ListQuery.extend({
          templates: Flag,
          state: z.enum(jobStates).optional(),
          credentialId: z.uuid().optional(),
        }),
      },
    },
    async ({ query }) => {
      const { templates = false, state, credentialId } = query;
      const ofCredential = credentialId
        ? sql`job_id in (select t.job_id from job_targets t where t.credential_id = ${credentialId})`
        : sql`true`;
      const page = await database.system((tx) =>
        readPage<StoredJob>(
          tx,
          {
            ...{
              columns: jobColumns,
              from: sql`jobs`,
              scope: `jobs ${templates} ${state ?? ''} ${credentialId ?? ''}`,
            },
            where: sql`is_template = ${templates} and (${state ?? null}::text is null or state = ${state ?? null})
              and ${ofCredential}`,
            // The newest has the highest number, and texts are compared.
            order: [sql`lpad((2147483647 - job_id)::text, 10, '0')`],
          },
          query,
        ),
      );
      return { ...page, items: page.items.map(toJson) };
    },
  );
  app.post(
    '/api/jobs',
    { config, schema: { summary: 'Make a job or a template', tags, body: JobInput, response: { 201: Job } } },
    async (request, reply) => {
      const { templateFor, ...input } = request.body;
      refuseOdd(request.body);
      const job = await change(parts, request, async (tx, note) => {
        const missing = await missingCredentials(tx, input.credentialIds, input.kind);
        if (missing !== null) throw invalid('credentialIds', missing);
        const by = authorOf(request);
        const jobId = await createJob(tx, parts, { ...input, by, ...(templateFor && { credentialType: templateFor }) });
        note(noted(jobId, `made the job ${jobId} (${input.kind})`));
        return await getJob(tx, jobId);
      });
      parts.wake();
      reply.code(201);
      return toJson(job);
    },
  );
  app.get(
    '/api/jobs/:jobId',
    {
      config,
      schema: { summary: 'A job, its credentials and what was said', tags, params, response: { 200: JobDetail } },
    },
    ({ params: { jobId } }) => database.system((tx) => detail(tx, jobId)),
  );
  app.post(
    '/api/jobs/:jobId/cancel',
    { config, schema: { summary: 'Cancel a job', tags, params, response: { 200: Job } } },
    (request) =>
      change(parts, request, async (tx, note) => {
        const { jobId } = request.params;
        await getJob(tx, jobId);
        if (!(await cancelJob(tx, jobId, clock.now())))
          throw problems.conflict('Nothing of this job is due or under way any more.');
        note(noted(jobId, `cancelled the job ${jobId}`));
        return toJson(await getJob(tx, jobId));
      }),
  );
  app.post(
    '/api/jobs/:jobId/run',
    { config, schema: { summary: 'Run a job now', tags, params, response: { 200: Job } } },
    async (request) => {
      const job = await change(parts, request, async (tx, note) => {
        const { jobId } = request.params;
        await getJob(tx, jobId);
        if (!(await runAgain(tx, jobId, clock.now())))
          throw problems.conflict('This job is under way, or is a template, which is never run.');
        note(noted(jobId, `asked to run the job ${jobId} now`));
        return toJson(await getJob(tx, jobId));
      });
      parts.wake();
      return job;
    },
  );
  app.delete(
    '/api/jobs/:jobId',
    {
      config,
      schema: { summary: 'Delete a job that is over, or a template', tags, params, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await change(parts, request, async (tx, note) => {
        const { jobId } = request.params;
        await getJob(tx, jobId);
        if (!(await deleteJob(tx, jobId))) throw problems.conflict('This job is not over. Cancel it first.');
        note(noted(jobId, `deleted the job ${jobId}`));
      });
      reply.code(204);
      return null;
    },
  );
  app.get(
    '/api/jobs/:jobId/events',
    { config, schema: { summary: 'A job each time that it changes, until it is over', tags, params } },
    async ({ params: { jobId } }, reply) => {
      await database.system((tx) => getJob(tx, jobId));
      await sendEvents(reply, watch(parts, jobId, app.closing));
    },
  );
  for (const kind of ['change', 'verify'] as const)
    app.post(
      `/api/credentials/:credentialId/${kind}`,
      {
        config,
        schema: {
          summary:
            kind === 'change' ? 'Change the password now' : 'Sign in with the stored password to see if it works',
          ...{ tags, params: OfCredential, response: { 202: JobMade } },
        },
      },
      async (request, reply) => {
        const jobId = await change(parts, request, async (tx, note) => {
          const credential = await findCredential(tx, request.params.credentialId);
          if (credential === null) throw problems.notFound();
          const order = { comment: '', by: authorOf(request) };
          const made =
            kind === 'change'
              ? await createSpin(tx, parts, { ...order, credential })
              : await createJob(tx, parts, {
                  ...{ ...order, kind, schedule: { kind: 'now' }, settings: { attempts: 1 } },
                  credentialIds: [credential.credentialId],
                });
          note(noted(made, `made the job ${made} (${kind}) for ${credential.accountName} on ${credential.systemName}`));
          return made;
        });
        parts.wake();
        reply.code(202);
        return { jobId };
      },
    );
};

const refuseOdd = ({ credentialIds, schedule, templateFor, kind }: z.output<typeof JobInput>): void => {
  if (templateFor === undefined) {
    if (credentialIds.length === 0) throw invalid('credentialIds', 'Choose at least one credential.');
    return;
  }
  if (credentialIds.length > 0) throw invalid('credentialIds', 'A template has no credentials of its own.');
  if (schedule.kind !== 'now')
    throw invalid('schedule', 'A template has no time of its own: the jobs made from it have.');
  if ((kind === 'ssh_key_change') !== (templateFor === 'ssh_key') && kind !== 'verify')
    throw invalid('kind', 'SSH keys are changed by ssh_key_change, and everything else by password_change.');
};

const getJob = async (tx: Sql, jobId: number): Promise<StoredJob> => {
  const job = await findJob(tx, jobId);
  if (job === null) throw problems.notFound();
  return job;
};

const detail = async (tx: Sql, jobId: number): Promise<z.output<typeof JobDetail>> => {
  const job = await getJob(tx, jobId);
  const [targets, messages] = [await listTargets(tx, jobId), await listMessages(tx, jobId, 200)];
  return {
    ...toJson(job),
    targets: targets.map(({ nextAttemptAt, finishedAt, ...target }) => ({
      ...target,
      ...{ nextAttemptAt: nextAttemptAt?.toISOString() ?? null, finishedAt: finishedAt?.toISOString() ?? null },
    })),
    messages: messages.map(({ at, level, credentialId, text }) => ({
      at: at.toISOString(),
      level,
      credentialId,
      text,
    })),
  };
};

/** Milliseconds between two looks. */
const lookMs = 500;

async function* watch(
  { database, clock }: VaultParts,
  jobId: number,
  closing: AbortSignal,
): AsyncGenerator<ServerEvent> {
  for (let seen = -1; !closing.aborted; ) {
    const job = await database.system((tx) => findJob(tx, jobId));
    if (job === null) return;
    if (job.version !== seen) yield { data: JobDetail.parse(await database.system((tx) => detail(tx, jobId))) };
    seen = job.version;
    if (job.nextRunAt === null && job.state !== 'waiting' && job.state !== 'running') return;
    await clock.sleep(lookMs, closing).catch(() => undefined);
  }
}

const noted = (jobId: number, message: string) => ({
  ...({ event: 'EVENT_ID_JOB_CHANGED', target: `job ${jobId}` } as const),
  message,
});

const toJson = ({ author, credentialType, isTemplate: _, version: __, ...job }: StoredJob): z.output<typeof Job> => ({
  ...{ ...job, templateFor: credentialType, createdBy: author.name },
  ...{ nextRunAt: job.nextRunAt?.toISOString() ?? null, createdAt: job.createdAt.toISOString() },
});
