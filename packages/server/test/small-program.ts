import { randomUUID } from 'node:crypto';
import { Fault, Secret } from '@gatehouse/kernel';
import { z } from 'zod';
import type { TenantRole } from '../src/access.ts';
import { audit } from '../src/audit.ts';
import { problems } from '../src/problem.ts';
import { type SignedIn, type TestServer, testServer } from '../src/testing/index.ts';

const Thing = z.strictObject({
  name: z.string().trim().min(1, 'Enter a name.'),
  deep: z.object({ port: z.number().int('Enter a whole number.') }).optional(),
});

export interface SmallProgram {
  readonly host: TestServer;
  /** An analyst of `mine`, and nothing in `theirs`. */
  readonly person: SignedIn;
  readonly mine: string;
  readonly theirs: string;
  /** By person and tenant: `${personId} ${tenantId}`. */
  readonly roles: Map<string, TenantRole>;
}

/** A program with one route of every access, and some that fail. */
export const startSmallProgram = async (): Promise<SmallProgram> => {
  const roles = new Map<string, TenantRole>();
  const [mine, theirs] = [randomUUID(), randomUUID()];
  const host = await testServer({
    findTenantRole: () => async (principal, tenantId) =>
      principal.kind === 'operator' ? 'administrator' : (roles.get(`${principal.personId} ${tenantId}`) ?? null),
    routes: ({ app }, database) => {
      const tags = ['test'];
      app.get('/api/open', { config: { access: 'public' }, schema: { summary: 'Open', tags } }, async () => ({
        ok: true,
      }));
      app.post(
        '/api/open',
        { config: { access: 'public' }, schema: { summary: 'Open', tags, body: Thing } },
        async () => ({ ok: true }),
      );
      app.post(
        '/api/programs',
        { config: { access: 'program' }, schema: { summary: 'Programs', tags, body: Thing } },
        async ({ caller }) => ({ caller: caller?.kind ?? null }),
      );
      app.get(
        '/api/people-only',
        { config: { access: 'signed-in' }, schema: { summary: 'Signed in', tags } },
        async ({ principal }) => ({ kind: principal.kind }),
      );
      app.post(
        '/api/people-only',
        { config: { access: 'signed-in' }, schema: { summary: 'Signed in', tags } },
        async () => ({ ok: true }),
      );
      app.get(
        '/api/system',
        { config: { access: 'system-administrator' }, schema: { summary: 'System', tags } },
        async () => ({ ok: true }),
      );
      app.get(
        '/api/tenants/:tenantId/things',
        { config: { access: { tenant: 'reader' } }, schema: { summary: 'Things', tags } },
        async ({ grant }) => ({
          tenantId: grant.tenantId,
          role: grant.role,
          correlationId: grant.correlationId,
        }),
      );
      app.post(
        '/api/tenants/:tenantId/things',
        { config: { access: { tenant: 'analyst' } }, schema: { summary: 'Add a thing', tags, body: Thing } },
        async (request) =>
          database.tenant(request.grant.tenantId, async (tx) => {
            await audit(tx, request.grant, {
              action: 'thing.create',
              target: request.body.name,
              change: { name: request.body.name, secret: String(new Secret('hunter2hunter2')) },
            });
            if (request.body.name === 'breaks')
              throw new Error('select * from secrets where password = hunter2hunter2');
            if (request.body.name === 'taken') throw problems.conflict('There is a thing with this name.');
            return { ok: true };
          }),
      );
      app.get(
        '/api/faults/:kind',
        {
          config: { access: 'public' },
          schema: {
            summary: 'Faults',
            tags,
            params: z.object({ kind: z.enum(['unreachable', 'forbidden', 'throttled', 'unexpected']) }),
          },
        },
        async ({ params }) => {
          throw new Fault(params.kind, 'Do something about it.', 'internal detail 4711');
        },
      );
      app.get(
        '/api/wrong-answer',
        {
          config: { access: 'public' },
          schema: { summary: 'Wrong', tags, response: { 200: z.object({ count: z.number() }) } },
        },
        async () => ({ count: 'hunter2hunter2' }) as never,
      );
    },
  });
  const person = await host.signIn();
  roles.set(`${person.personId} ${mine}`, 'analyst');
  return { host, person, mine, theirs, roles };
};
