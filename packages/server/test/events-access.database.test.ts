import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { TenantRole } from '../src/access.ts';
import { type ServerEvent, sendEvents } from '../src/events.ts';
import { type SignedIn, type TestServer, testServer } from '../src/testing/index.ts';

const tenantId = randomUUID();
const roles = new Map<string, TenantRole>();
let host: TestServer;
beforeAll(async () => {
  host = await testServer({
    findTenantRole: () => async (principal) =>
      principal.kind === 'operator' ? 'administrator' : (roles.get(principal.personId) ?? null),
    routes: ({ app }) => {
      const tags = ['test'];
      app.get(
        '/api/tenants/:tenantId/events',
        {
          config: { access: { tenant: 'analyst' } },
          schema: { summary: 'Events', tags, querystring: z.object({ accessMs: z.coerce.number() }) },
        },
        (request, reply) => sendEvents(reply, forever(), { accessMs: request.query.accessMs, heartbeatMs: 20 }),
      );
      app.get(
        '/api/system-events',
        { config: { access: 'system-administrator' }, schema: { summary: 'Events', tags } },
        (_request, reply) => sendEvents(reply, forever(), { accessMs: never, heartbeatMs: 20 }),
      );
    },
  });
});
afterAll(() => host.close());

async function* forever(): AsyncGenerator<ServerEvent> {
  yield { data: 'first' };
  await new Promise(() => undefined);
}

/** A look that does not come within a test: what ends a stream then is not the clock. */
const never = 3_600_000;

const analyst = async (more: { systemAdministrator?: boolean } = {}): Promise<SignedIn> => {
  const person = await host.signIn(more);
  roles.set(person.personId, 'analyst');
  return person;
};

/** Opens a stream and reads its first event; `ended` resolves when the server ends it. */
const watch = async (headers: Record<string, string>, path: string) => {
  const answer = await fetch(new URL(path, host.url), { headers, signal: AbortSignal.timeout(10_000) });
  expect(answer.status).toBe(200);
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error('an answer without a body');
  let text = '';
  while (!text.includes('first')) text += (await reader.read()).value ?? '';
  const ended = (async () => {
    for (;;) if ((await reader.read()).done) return 'ended';
  })();
  return { ended };
};
const cookieOf = ({ cookies }: SignedIn) => ({
  cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
});
const events = (accessMs: number) => `/api/tenants/${tenantId}/events?accessMs=${accessMs}`;

test('a stream ends at once when its browser signs out, and those of other browsers go on', async () => {
  const [person, other] = [await analyst(), await analyst()];
  const stream = await watch(cookieOf(person), events(never));
  const going = await watch(cookieOf(other), events(never));
  expect((await person.post('/api/auth/sign-out', {})).status).toBe(200);
  expect(await stream.ended).toBe('ended');
  expect(await Promise.race([going.ended, nextTurns()])).toBe('going on');
  await other.post('/api/auth/sign-out', {});
  await going.ended;
});

test('a stream ends at once when its person is removed, or signs out everywhere', async () => {
  const [removed, leaving] = [await analyst(), await analyst()];
  const streams = [await watch(cookieOf(removed), events(never)), await watch(cookieOf(leaving), events(never))];
  await (await host.operator()).ask('DELETE', `/api/people/${removed.personId}`);
  expect((await leaving.ask('DELETE', '/api/me/sessions')).status).toBe(204);
  for (const { ended } of streams) expect(await ended).toBe('ended');
});

test('a stream of a system administrator ends at once when they are one no longer', async () => {
  const person = await analyst({ systemAdministrator: true });
  await analyst({ systemAdministrator: true });
  const { ended } = await watch(cookieOf(person), '/api/system-events');
  const changed = await (await host.operator()).ask('PATCH', `/api/people/${person.personId}`, {
    body: { systemAdministrator: false },
  });
  expect(changed.status).toBe(204);
  expect(await ended).toBe('ended');
});

test('a stream opened with an API key ends at once when the key is deleted', async () => {
  const person = await analyst();
  const { key, keyId } = (await person.post('/api/me/api-keys', { name: 'Watcher' })).body;
  const { ended } = await watch({ authorization: `Bearer ${key}` }, events(never));
  expect((await person.ask('DELETE', `/api/me/api-keys/${keyId}`)).status).toBe(204);
  expect(await ended).toBe('ended');
});

test.each<readonly [string, (person: SignedIn) => Promise<unknown> | unknown]>([
  [
    'the sign-in was deleted',
    ({ personId }) => sql`delete from sign_ins where person_id = ${personId}`.execute(host.database.owner),
  ],
  [
    'the sign-in ran out, which an open stream does not prevent',
    ({ personId }) =>
      sql`update sign_ins set expires_at = now() where person_id = ${personId}`.execute(host.database.owner),
  ],
  [
    'the sign-in is older than any may be',
    ({ personId }) =>
      sql`update sign_ins set created_at = now() - interval '8 days' where person_id = ${personId}`.execute(
        host.database.owner,
      ),
  ],
  ['the role in the tenant was taken away', ({ personId }) => roles.delete(personId)],
  ['the role in the tenant is too weak now', ({ personId }) => roles.set(personId, 'reader')],
])('without a request to this copy of the program the next look ends it: %s', async (_, change) => {
  const person = await analyst();
  const { ended } = await watch(cookieOf(person), events(30));
  await change(person);
  expect(await ended).toBe('ended');
});

/** Long enough for the looks that a sign-out begins: several answers of the same server. */
const nextTurns = async () => {
  for (let asked = 0; asked < 10; asked++) await host.client().get('/readyz');
  return 'going on';
};
