import { createLog } from '@gatehouse/server';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSite } from '../../start.ts';
import { type Desk, openDesk } from '../testing/desk.ts';
import { makeKey } from './make-key.ts';
import { guessLimits, redeemKey } from './redeem.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

const countSessions = async () =>
  (await sql<{ count: number }>`select count(*)::int as count from support_sessions`.execute(desk.database.owner))
    .rows[0]?.count;
const invalid = /not valid/;

describe('making a key', () => {
  test('it has seven digits and a link of 32 hexadecimal digits, and the mail holds both', async () => {
    await desk.operator.ask('PATCH', '/api/options', {
      body: { sessionKeyMailSubject: 'Key {key}', sessionKeyMailBody: '{url} {key} {expires} {other} {{url}}' },
    });
    const answer = await desk.anna.post('/api/support/session-keys', { queue: 'general', externalKey: '{key}' });
    const { key, url, subject, body, expiresAt } = answer.body;
    expect(key).toMatch(/^\d{7}$/);
    expect(url).toMatch(new RegExp(`^${desk.url}/\\?ak=[0-9a-f]{32}$`));
    expect(subject).toBe(`Key ${key}`);
    expect(body).toMatch(new RegExp(`^\\S+ ${key} \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC \\{other\\} \\{http`));
    expect(Date.parse(expiresAt) - desk.clock.now().getTime()).toBeCloseTo(86_400_000, -4);
  });

  test('only hashes of it are kept, and those of short keys cannot be found by trying every number', async () => {
    const { key, link } = await desk.key();
    const { rows } = await sql<{ row: string; hash: Buffer }>`
      select to_jsonb(k)::text as row, short_hash as hash from session_keys k union all
      select to_jsonb(a)::text, null from system_audit a`.execute(desk.database.owner);
    const kept = `${rows.map(({ row }) => row).join('\n')}${desk.log.join('\n')}`;
    expect(kept).not.toContain(link);
    expect(kept).not.toMatch(new RegExp(`\\b${key}\\b`));
    const plain = await sql<{ found: boolean }>`
      select exists (select from session_keys where short_hash = sha256(convert_to(${key}, 'UTF8'))) as found`.execute(
      desk.database.owner,
    );
    expect(plain.rows[0]?.found).toBe(false);
  });

  test('a time beyond the most that the options allow, an unknown queue or field is refused by name', async () => {
    const ask = async (fields: object) =>
      (await desk.anna.post('/api/support/session-keys', JSON.parse(JSON.stringify({ queue: 'general', ...fields }))))
        .body;
    await desk.operator.ask('PATCH', '/api/options', { body: { sessionKeyMostSeconds: 90_000 } });
    expect((await ask({ ttl: 90_001 })).detail).toContain('90000');
    expect((await ask({ queue: 'team:999' })).detail).toContain('no team with the id 999');
    expect((await ask({ queue: 'rep_username:nobody' })).detail).toContain('“nobody”');
    expect((await ask({ queue: 'issue:none' })).detail).toContain('“none”');
    expect((await ask({ queue: 'embassy:1' })).detail).toContain('“embassy:1” is no queue');
    expect((await ask({ attributes: { colour: 'red' } })).detail).toContain('“colour”');
    const user = await desk.person();
    expect((await ask({ queue: `rep:${user.userId}` })).detail).toContain('may not provide support');
    const options = await desk.operator.ask('PATCH', '/api/options', { body: { sessionKeySeconds: 90_001 } });
    expect([options.status, options.body.detail]).toEqual([400, expect.stringContaining('longer than')]);
  });
});

test('a short key is the only valid one of its number, and the number of one that expired can be given again', async () => {
  const { support, database } = desk.site;
  const by = { principal: { kind: 'program', id: '1', name: 'Test' }, correlationId: 'c' } as const;
  // Every number has one hash, so that all collide.
  const colliding = { ...support.keyHash, short: () => support.keyHash.short('collides') };
  const make = (seconds: number) =>
    database.system((tx) =>
      makeKey({ tx, by, now: desk.clock.now() }, colliding, { wanted: { type: 'general' }, attributes: {}, seconds }),
    );
  const first = await make(60);
  await expect(make(60)).rejects.toThrow('all taken');
  desk.clock.move(60_000);
  const second = await make(600);
  expect(second.id).not.toBe(first.id);
  const valid = await sql<{ id: number }>`
    select id from session_keys where short_hash = ${support.keyHash.short('collides')}`.execute(desk.database.owner);
  expect(valid.rows).toEqual([{ id: second.id }]);
});

describe('redeeming a key', () => {
  test('it begins a session where the key leads, with its attributes and its correlation id', async () => {
    const { key } = await desk.key({ queue: 'issue:paper_jam', externalKey: 'INC1', attributes: { ASSET: 'A-1' } });
    const { lsid } = await desk.redeem(key);
    const { body } = await desk.operator.get(`/api/support-sessions/${lsid}`);
    expect(body).toMatchObject({
      ...{ state: 'waiting', queue: `team:${desk.teams.printers}`, issue: 'paper_jam', priority: 1 },
      ...{ externalKey: 'INC1', attributes: { asset: 'A-1' }, customer: 'Carol', owner: null },
      participants: [{ gsnumber: 1, kind: 'customer', name: 'Carol', company: 'Acme', leftAt: null }],
      events: [
        { seq: 1, type: 'begun', body: { queue: `team:${desk.teams.printers}`, issue: 'paper_jam' } },
        { seq: 2, type: 'member_added', performedBy: 1 },
      ],
    });
    const audit = await sql<{ action: string; id: string }>`
      select action, correlation_id as id from system_audit where action in ('session-key.make', 'support-session.begin')
      order by audit_id desc limit 2`.execute(desk.database.owner);
    expect(audit.rows[0]?.id).toBe(audit.rows[1]?.id);
  });

  test('two who redeem it at once begin one session', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { key, link } = await desk.key();
      const before = await countSessions();
      const outcomes = await Promise.allSettled([desk.redeem(key), desk.redeem(link), desk.redeem(key, '192.0.2.2')]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await countSessions()).toBe((before ?? 0) + 1);
    }
  });

  test('it works as often as it was made for, by number and by link', async () => {
    const { key, link } = await desk.key({ mostUses: 2 });
    const first = await desk.redeem(key);
    const second = await desk.redeem(link);
    expect(first.lsid).not.toBe(second.lsid);
    await expect(desk.redeem(link)).rejects.toThrow(invalid);
    await expect(desk.redeem(key)).rejects.toThrow(invalid);
  });

  test('one that is revoked or too old opens nothing, and is not listed', async () => {
    const revoked = await desk.key();
    expect((await desk.operator.ask('DELETE', `/api/session-keys/${revoked.id}`)).status).toBe(204);
    expect((await desk.operator.ask('DELETE', `/api/session-keys/${revoked.id}`)).status).toBe(404);
    await expect(desk.redeem(revoked.key)).rejects.toThrow(invalid);
    await expect(desk.redeem(revoked.link)).rejects.toThrow(invalid);
    const old = await desk.key({ ttl: 60 });
    const listed = async () =>
      (await desk.operator.get('/api/session-keys?limit=500')).body.items.map((one: { id: number }) => one.id);
    expect(await listed()).toContain(old.id);
    desk.clock.move(60_000);
    await expect(desk.redeem(old.key)).rejects.toThrow(invalid);
    await expect(desk.redeem(old.link)).rejects.toThrow(invalid);
    expect(await listed()).not.toContain(old.id);
    expect(await listed()).not.toContain(revoked.id);
  });

  test('the sweep forgets what expired, and leaves what is valid', async () => {
    const old = await desk.key({ ttl: 60 });
    desk.clock.move(8 * 86_400_000);
    const valid = await desk.key();
    await desk.site.support.sweep();
    const { rows } = await sql<{ id: number }>`select id from session_keys order by id`.execute(desk.database.owner);
    expect(rows.map(({ id }) => id)).not.toContain(old.id);
    expect((await desk.redeem(valid.key)).lsid).toMatch(/^[0-9a-f]{32}$/);
  });

  test('the team is gone: the customer waits in the general queue', async () => {
    const team = (await desk.operator.post('/api/teams', { name: 'Short-lived' })).body.id;
    const { key } = await desk.key({ queue: `team:${team}` });
    const waiting = await desk.wait(`team:${team}`);
    const refused = await desk.operator.ask('DELETE', `/api/teams/${team}`);
    expect([refused.status, refused.body.detail]).toEqual([409, 'Customers wait in the queue of this team.']);
    await sql`update support_sessions set queue = 'general', queue_id = null where lsid = ${waiting}`.execute(
      desk.database.owner,
    );
    expect((await desk.operator.ask('DELETE', `/api/teams/${team}`)).status).toBe(204);
    const { lsid } = await desk.redeem(key);
    expect((await desk.operator.get(`/api/support-sessions/${lsid}`)).body.queue).toBe('general');
  });
});

describe('copies of the site', () => {
  test('a key that one made opens at another, once for both together', async () => {
    const { home, clock, test: database } = desk;
    const copy = await startSite({
      ...{ databaseUrl: database.url, home, clock, network: { port: 0 } },
      log: createLog('site', 'silent'),
    });
    try {
      const { key } = await desk.key();
      const by = { principal: { kind: 'program', id: '2', name: 'Copy' }, correlationId: 'copy' } as const;
      const dora = { name: 'Dora', company: '', issue: '', hostname: '', operatingSystem: '', address: '192.0.2.5' };
      const outcomes = await Promise.allSettled([
        ...[redeemKey(copy.support, by, key, '192.0.2.5', dora), desk.redeem(key, '192.0.2.6')],
      ]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { message: expect.stringMatching(invalid) },
      });
    } finally {
      await copy.close();
    }
  });
});

describe('guessing', () => {
  test('an address that guesses must wait, also with a right key, and a link still opens', async () => {
    const { key, link } = await desk.key({ mostUses: 3 });
    const from = '198.51.100.7';
    for (let guess = 0; guess < guessLimits.address.guesses; guess += 1)
      await expect(desk.redeem('0000000', from)).rejects.toThrow(invalid);
    await expect(desk.redeem(key, from)).rejects.toMatchObject({ status: 429, retryAfterSeconds: expect.any(Number) });
    await desk.redeem(link, from);
    await desk.redeem(key, '198.51.100.8');
    desk.clock.move(guessLimits.address.seconds * 1_000);
    await desk.redeem(key, from);
  });

  test('many addresses together must wait as well', async () => {
    const { key } = await desk.key();
    await desk.redeem('0000001', '203.0.113.1').catch(() => undefined);
    await sql`update session_key_guesses set guesses = ${guessLimits.all.guesses}
      where source = sha256(convert_to('all ', 'UTF8'))`.execute(desk.database.owner);
    await expect(desk.redeem(key, '203.0.113.2')).rejects.toMatchObject({ status: 429 });
    desk.clock.move(guessLimits.all.seconds * 1_000);
    await desk.redeem(key, '203.0.113.2');
  });

  test('somebody who redeems many right keys is not slowed down', async () => {
    for (let round = 0; round < guessLimits.address.guesses + 2; round += 1) {
      const { key } = await desk.key();
      await desk.redeem(key, '203.0.113.3');
    }
  });
});
