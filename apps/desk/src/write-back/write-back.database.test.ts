import { ok } from '@gatehouse/server/testing';
import { until } from '@gatehouse/site/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SupportedDesk, supportedDesk } from '../testing/support-desk.ts';

let host: SupportedDesk;
beforeAll(async () => {
  host = await supportedDesk();
});
afterAll(() => host.close());

/** A whole session of a case: entered with its key, taken, talked in, and ended. */
const session = async (number: string, words: readonly string[] = []) => {
  const { site } = host;
  const { key } = await host.key(number);
  const { lsid } = await site.redeem(key);
  await ok(site.anna.post(`/api/support/sessions/${lsid}/join`, {}));
  for (const text of words) await ok(site.anna.post(`/api/support/sessions/${lsid}/notes`, { text }));
  await ok(site.anna.post(`/api/support/sessions/${lsid}/end`, {}));
  return lsid;
};
const detail = async (lsid: string) =>
  (await host.technician.get(`/api/support-sessions/${host.connectionId}/${lsid}`)).body;

describe('a session that a ticket started', () => {
  test('stands in it once, with what happened and nothing that acts or must not be read', async () => {
    const { number } = await host.desk.makeCase({ subject: 'Printer' });
    const lsid = await session(number, ['<script>alert(1)</script> the password: hunter2', 'Card 4111 1111 1111 1111']);
    await until(
      async () => (await host.notes(number)).length > 0,
      () => detail(lsid),
    );
    const [note] = await host.notes(number);
    expect(note?.visibility).toBe('internal');
    expect(note?.html).toContain('Carol');
    expect(note?.html).not.toMatch(/<script|hunter2|4111/);
    expect(note?.html).toContain('&lt;script&gt;');
    const found = await detail(lsid);
    expect(found).toMatchObject({ state: 'ended', outcome: 'attached', ticketNumber: number, externalKey: number });
    // Every event has it looked at again, and nothing new stands there.
    await ok(host.desk.operator.post(`/api/support-sessions/${host.connectionId}/${lsid}/replay`, {}));
    await until(async () => (await detail(lsid)).tries === 0 && (await detail(lsid)).dueAt > new Date().toISOString());
    expect(await host.notes(number)).toHaveLength(1);
  });

  test('has a survey that came late in a note of its own, and its rating in the field', async () => {
    const { number } = await host.desk.makeCase({ subject: 'Late' });
    const lsid = await session(number);
    await until(
      async () => (await host.notes(number)).length === 1,
      () => detail(lsid),
    );
    const answers = [{ name: 'rating', value: '2' }];
    await ok(host.site.anna.post(`/api/support/sessions/${lsid}/survey`, { answers }));
    await until(
      async () => (await host.notes(number)).length === 2,
      () => detail(lsid),
    );
    expect((await host.notes(number)).map(({ title }) => title).toSorted()).toEqual([
      'Support session with Carol',
      'Survey of the support session',
    ]);
  });

  test('moves to another ticket when its key is edited, and is found without any event', async () => {
    const [first, second] = [await host.desk.makeCase({ subject: 'A' }), await host.desk.makeCase({ subject: 'B' })];
    const lsid = await session(first.number);
    await until(async () => (await host.notes(first.number)).length === 1);
    const { site } = host;
    const program = await site.program({ perm_command: 'full_access' });
    await program.ask('PATCH', `/api/command/v2/session/${lsid}`, { body: { external_key: second.number } });
    await host.desk.program.reconciler.look();
    // A session that is over takes no more attributes, so nothing was behind.
    expect(await host.notes(second.number)).toHaveLength(0);
  });
});

describe('a session with a Jump Client that a ticket names', () => {
  test('begins by a link for the technician alone, and the ticket keeps what it was searched for with', async () => {
    const { number } = await host.desk.makeCase({ subject: 'Screen' });
    const path = `/api/connections/${host.connectionId}/tickets/${number}`;
    const unknown = await host.technician.post(`${path}/launch`, { search: 'front desk' });
    expect([unknown.status, unknown.body.detail]).toEqual([409, expect.stringContaining('no user with this name')]);
    // Whoever works at both: the site knows them by the login that they have at the desk.
    const { login } = (await ok(host.technician.get('/api/desk/me'))).body.person;
    await ok(host.site.operator.ask('PATCH', `/api/users/${host.site.anna.userId}`, { body: { username: login } }));
    const launched = await ok(host.technician.post(`${path}/launch`, {}));
    expect(launched.body).toMatchObject({ search: 'front desk', saved: null, expiresAt: expect.any(String) });
    expect((await ok(host.technician.get(path))).body.jumpSearch).toBe('front desk');
    const token = new URL(launched.body.url).hash.slice(1);
    const meant = await ok(host.site.anna.post('/api/console/launches/find', { token }));
    expect(meant.body).toMatchObject({ search: 'front desk', externalKey: number, items: [] });
  });
});
