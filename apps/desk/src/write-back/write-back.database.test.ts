import { ok } from '@gatehouse/server/testing';
import { until } from '@gatehouse/site/testing';
import { sql } from 'kysely';
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
});

describe('a session whose external key is edited', () => {
  const two = async () =>
    [await host.desk.makeCase({ subject: 'A' }), await host.desk.makeCase({ subject: 'B' })] as const;
  const again = (lsid: string) =>
    ok(host.desk.operator.post(`/api/support-sessions/${host.connectionId}/${lsid}/replay`, {}));
  const belongs = (lsid: string, number: string) =>
    until(
      async () => (await detail(lsid)).ticketNumber === number,
      () => detail(lsid),
    );
  const begin = async (number: string) => {
    const { lsid } = await host.site.redeem((await host.key(number)).key);
    await ok(host.site.anna.post(`/api/support/sessions/${lsid}/join`, {}));
    await belongs(lsid, number);
    return lsid;
  };
  const edit = async (lsid: string, number: string) => {
    const program = await host.site.program({ perm_command: 'full_access' });
    return program.ask('PATCH', `/api/command/v2/session/${lsid}`, { body: { external_key: number } });
  };
  const fieldsOf = async (number: string): Promise<Record<string, unknown>> => {
    const { fields } = (await ok(host.technician.get(`/api/cases/${number}`))).body;
    return Object.fromEntries(fields.map(({ name, value }: { name: string; value: unknown }) => [name, value]));
  };
  /** One ticket has the report, the other one says where it is, and each says so once, however often it is looked at. */
  const stands = async (lsid: string, here: string, before: string) => {
    const there = (title: string, number: string) =>
      until(
        async () => (await host.notes(number)).some((note) => note.title === title),
        async () => [await detail(lsid), await host.notes(number)],
      );
    await there('Support session with Carol', here);
    await there('Support session of another ticket', before);
    for (let round = 0; round < 2; round += 1) {
      await again(lsid);
      await until(async () => (await detail(lsid)).dueAt > new Date().toISOString());
    }
    const [told] = await host.notes(here);
    const [left] = await host.notes(before);
    expect([await host.notes(here), await host.notes(before)]).toEqual([[told], [left]]);
    expect(told?.html).toContain('Asked for: It beeps');
    expect(left?.html).toBe(`<p>This support session belongs to ${here} now, where its report stands.</p>`);
    expect(left?.visibility).toBe('internal');
    expect((await fieldsOf(here))['Session IDs']).toEqual([lsid]);
    expect((await fieldsOf(before))['Session IDs'] ?? []).toEqual([]);
    expect(await detail(lsid)).toMatchObject({ ticketNumber: here, externalKey: here, problem: '' });
  };

  test('while it goes on is written to the new ticket, and the old one says so', async () => {
    const [a, b] = await two();
    const lsid = await begin(a.number);
    await until(async () => (await fieldsOf(a.number))['Status of the last session'] === 'Open');
    await ok(edit(lsid, b.number));
    await again(lsid);
    await belongs(lsid, b.number);
    await until(async () => (await fieldsOf(a.number))['Status of the last session'] === 'Moved');
    await ok(host.site.anna.post(`/api/support/sessions/${lsid}/end`, {}));
    await stands(lsid, b.number, a.number);
    expect((await fieldsOf(b.number))['Status of the last session']).toBe('Ended');
  });

  test('after its end, where no event tells of it, is found by the comparison; and back again', async () => {
    const [a, b] = await two();
    const lsid = await session(a.number);
    await until(async () => (await host.notes(a.number)).length === 1);
    // One of ours takes no more attributes then; there are sites that do.
    expect((await edit(lsid, b.number)).status).toBeGreaterThanOrEqual(400);
    const { reconciler } = host.desk.program;
    expect(await reconciler.look()).toBe(0);
    const late = async (number: string) => {
      await sql`update support_sessions set external_key = ${number} where lsid = ${lsid}`.execute(
        host.site.database.owner,
      );
      expect(await reconciler.look()).toBe(1);
    };
    await late(b.number);
    await stands(lsid, b.number, a.number);
    await late(a.number);
    await stands(lsid, a.number, b.number);
    expect(await reconciler.look()).toBe(0);
  });

  test('is told to the old ticket also where that failed at first, and nothing is said twice', async () => {
    const [a, b] = await two();
    const lsid = await begin(a.number);
    const [account] = (await ok(host.desk.operator.get('/api/accounts'))).body.items;
    const permit = (permissions: readonly string[]) =>
      ok(host.desk.operator.ask('PATCH', `/api/accounts/${account.id}`, { body: { permissions: [...permissions] } }));
    await permit(account.permissions.filter((one: string) => one !== 'notes.write'));
    await ok(edit(lsid, b.number));
    await again(lsid);
    await belongs(lsid, b.number);
    await until(async () => (await detail(lsid)).tries > 0);
    await permit(account.permissions);
    await ok(host.site.anna.post(`/api/support/sessions/${lsid}/end`, {}));
    await again(lsid);
    await stands(lsid, b.number, a.number);
  });

  test('stays with a ticket that no session was asked for, where such sessions are left alone', async () => {
    const connection = (unstarted: string) =>
      ok(host.desk.operator.ask('PATCH', `/api/connections/${host.connectionId}`, { body: { unstarted } }));
    await connection('ignore');
    const [a, b] = await two();
    const lsid = await begin(a.number);
    await ok(edit(lsid, b.number));
    await ok(host.site.anna.post(`/api/support/sessions/${lsid}/end`, {}));
    await stands(lsid, b.number, a.number);
    await connection('attach');
  });

  test('to one that names no ticket stays where it is', async () => {
    const { number } = await host.desk.makeCase({ subject: 'Stays' });
    const lsid = await begin(number);
    await ok(edit(lsid, 'SC-999999'));
    await ok(host.site.anna.post(`/api/support/sessions/${lsid}/end`, {}));
    await until(async () => (await host.notes(number)).length === 1);
    expect(await detail(lsid)).toMatchObject({ ticketNumber: number, externalKey: 'SC-999999' });
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
