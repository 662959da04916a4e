import { openDatabase } from '@gatehouse/database';
import { testDatabase } from '@gatehouse/database/testing';
import { startMailServer, type TestMailServer } from '@gatehouse/host/testing';
import { type Json, Secret } from '@gatehouse/kernel';
import { openMailRoom, putMail } from '@gatehouse/mail';
import { ok } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { migrations } from '../migrations.ts';
import { alertGivenUp, alertWorking } from '../outbound-events/alerts.ts';
import { findRecipient } from '../outbound-events/deliveries.ts';
import { type Desk, openDesk } from '../support/testing/desk.ts';
import { until } from '../testing/errands.ts';

let desk: Desk;
let server: TestMailServer;
const password = 'hunter2-of-the-site';
beforeAll(async () => {
  // So seldom that what arrives in time was asked for.
  desk = await openDesk({ mailPace: { everyMs: 3_600_000 }, outboundPace: { everyMs: 3_600_000 } });
  server = await startMailServer({ account: { name: 'site', password } });
});
afterAll(async () => {
  await desk.close();
  await server.close();
});
afterEach(async () => {
  for (const step of ['sender', 'recipient', 'message', 'drop'] as const) server.refuse(step, null);
  await sql`delete from mails`.execute(desk.database.owner);
  await sql`delete from mail_server`.execute(desk.database.owner);
});

const settings = (of: object = {}): Json =>
  JSON.parse(
    JSON.stringify({
      ...{ server: 'localhost', port: server.port, userName: 'site', password, senderAddress: 'it@acme.example' },
      ...{ certificateAuthorities: server.certificate, ...of },
    }),
  );
const save = (of: object = {}) => desk.operator.ask('PUT', '/api/mail', { body: settings(of) });
const list = async () => (await ok(desk.operator.get('/api/mails'))).body.items;
const state = async () => (await ok(desk.operator.get('/api/mail'))).body;
const put = (to: string, more: object = {}) =>
  desk.database.system((tx) =>
    putMail(tx, {
      ...{ kind: 'test', about: '', recipients: [to], subject: to, text: 'Words', at: desk.clock.now(), ...more },
    }),
  );
const taken = (to: string) => server.taken.filter((one) => one.to.includes(to));
const over = (count: number) =>
  until(async () => (await list()).filter((one: { state: string }) => one.state !== 'waiting').length >= count, list);
const later = (ms: number) => {
  desk.clock.move(ms);
  desk.site.mail.wake();
};

describe('alerts of outbound events', () => {
  test('wait while no mail server is entered, which the status says, and are sent once afterwards', async () => {
    const made = await ok(
      desk.operator.post('/api/outbound-events/recipients', {
        ...{ name: 'Monitor', url: 'https://monitor.acme.example/in', alert_emails: ['ops@acme.example'] },
        events: ['support_conference_begin'],
      }),
    );
    await desk.database.system(async (tx) => {
      const recipient = await findRecipient(tx, made.body.id);
      if (recipient === null) throw new Error('it was made');
      await alertGivenUp(tx, recipient, 'support_conference_begin', 'It answered 503.', desk.clock.now());
      await alertGivenUp(tx, recipient, 'support_conference_begin', 'It answered 503.', desk.clock.now());
    });
    desk.site.mail.wake();
    const status = async () => (await desk.operator.get('/api/status')).body.outboundEvents;
    expect(await status()).toMatchObject({ unsentAlerts: 1, advice: expect.stringContaining('enter a mail server') });
    expect(await state()).toMatchObject({ settings: null, waiting: 1, advice: 'Mail waits: enter a mail server.' });
    await ok(save());
    await over(1);
    await desk.database.system(async (tx) => {
      const recipient = await findRecipient(tx, made.body.id);
      if (recipient !== null) await alertWorking(tx, recipient, desk.clock.now());
    });
    later(0);
    await over(2);
    expect(taken('ops@acme.example').map(({ message }) => /Subject: (.*)/.exec(message)?.[1])).toEqual([
      'Outbound events to Monitor are given up',
      'Outbound events to Monitor arrive again',
    ]);
    expect(await status()).toMatchObject({ unsentAlerts: 0, advice: null });
  });
});

test('alerts that waited before this site could send mail are sent by it', async () => {
  await using old = await testDatabase({ migrations: migrations.filter(({ name }) => name < '0350') });
  await sql`insert into outbound_alerts (at, recipients, subject, body, sent_at) values
    (now(), '{ops@acme.example}', 'Waiting', 'Words', null), (now(), '{ops@acme.example}', 'Told', 'Words', now())`.execute(
    old.database.owner,
  );
  const plain = await startMailServer({ security: 'none' });
  const database = await openDatabase({ url: old.url, migrations, poolSize: 4 });
  const room = openMailRoom({ ...desk.site.mail.parts, database, everyMs: 10 });
  try {
    const entered = { server: '127.0.0.1', port: plain.port, security: 'none', senderAddress: 'it@acme.example' };
    const sealed = desk.site.support.sealer.seal(new Secret(JSON.stringify(entered)), ['mail-server']);
    await sql`insert into mail_server (sealed_settings, changed_at) values (${sealed}, now())`.execute(database.owner);
    await until(() => plain.taken.length > 0);
    expect(plain.taken[0]?.message).toMatch(/Subject: Waiting\n[\s\S]*\n\nWords/);
    const { rows } = await sql`select state, subject from mails`.execute(database.owner);
    expect(rows).toEqual([{ state: expect.any(String), subject: 'Waiting' }]);
  } finally {
    await room.close();
    await database.close();
    await plain.close();
  }
});

describe('mail', () => {
  test('is sent once each, however many copies of the site share it', async () => {
    const copies = [1, 2, 3].map(() => openMailRoom({ ...desk.site.mail.parts, everyMs: 10 }));
    try {
      const all = Array.from({ length: 20 }, (_, number) => `person-${number}@acme.example`);
      for (const one of all) await put(one);
      await ok(save());
      await over(20);
      for (const one of all) expect(taken(one)).toHaveLength(1);
    } finally {
      await Promise.all(copies.map((one) => one.close()));
    }
  });

  test('said twice under one key is one mail', async () => {
    await ok(save());
    const ids = [await put('key@acme.example', { key: 'reply:1' }), await put('key@acme.example', { key: 'reply:1' })];
    expect(ids[0]).toBe(ids[1]);
    later(0);
    await over(1);
    expect(taken('key@acme.example')).toHaveLength(1);
  });

  test('of a copy that was killed is sent by another one, as the same mail', async () => {
    await ok(save());
    await put('killed@acme.example');
    server.refuse('drop', 1);
    // It has gone out, and nobody heard the answer.
    later(0);
    await until(async () => (await list())[0].problem.includes('lost'));
    server.refuse('drop', null);
    await sql`update mails set holder = 'gone', held_until = ${new Date(desk.clock.now().getTime() + 120_000)}`.execute(
      desk.database.owner,
    );
    later(60_000);
    expect((await list())[0].state).toBe('waiting');
    later(61_000);
    await over(1);
    const ids = taken('killed@acme.example').map(({ message }) => /Message-ID: (\S+)/.exec(message)?.[1]);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  test('to an address that is refused is given up and can be sent again; the others go on', async () => {
    await ok(save());
    await put('nobody@acme.example');
    await put('somebody@acme.example');
    later(0);
    await over(2);
    const [fine, failed] = await list();
    expect(fine).toMatchObject({ state: 'sent', problem: '' });
    expect(failed).toMatchObject({ state: 'failed', problem: expect.stringContaining('does not take mail') });
    await ok(desk.operator.post(`/api/mails/${failed.mailId}/retry`));
    expect((await desk.operator.post(`/api/mails/${fine.mailId}/retry`)).status).toBe(404);
  });

  test('that cannot be sent by what it is fails alone, and holds nothing up', async () => {
    await ok(save());
    await put('before@acme.example');
    const spoil = (set: ReturnType<typeof sql>) =>
      desk.database.system(async (tx) => {
        const id = await putMail(
          tx,
          {
            ...{ kind: 'test', about: '', recipients: ['a@acme.example'], subject: 'a', text: 'b' },
            at: desk.clock.now(),
          },
          desk.site.support.sealer,
        );
        await sql`update mails set ${set} where mail_id = ${id}`.execute(tx);
      });
    await spoil(sql`recipients = ${['a@acme.example\r\nRCPT TO:<all@acme.example>']}::text[]`);
    await spoil(sql`subject = ${'a\r\nBcc: all@acme.example'}`);
    await spoil(sql`sealed = 'gh1.00000000.AAAA'`);
    await put('after@acme.example');
    later(0);
    await over(5);
    expect((await list()).map((one: { state: string }) => one.state)).toEqual([
      ...['sent', 'failed', 'failed', 'failed', 'sent'],
    ]);
    expect(await state()).toMatchObject({ failed: 3, advice: null });
    expect(server.taken.flatMap(({ to }) => to)).not.toContain('all@acme.example');
  });

  test('that is put off comes back later and later, and is given up after days', async () => {
    await ok(save());
    await put('later@acme.example');
    server.refuse('recipient', 451);
    const tries = async (count: number) =>
      until(async () => {
        const [one] = await list();
        return one.tries >= count && Date.parse(one.nextTryAt) > desk.clock.now().getTime();
      }, list);
    later(0);
    await tries(1);
    later(29_000);
    expect((await list())[0].tries).toBe(1);
    later(1_100);
    await tries(2);
    later(4 * 86_400_000);
    await over(1);
    expect((await list())[0]).toMatchObject({ state: 'failed', tries: 3 });
  });

  test('waits for a server that lets nobody in, which is asked once and not for each, until the password is right', async () => {
    await ok(save({ password: 'wrong-password' }));
    for (let number = 0; number < 5; number += 1) await put(`locked-${number}@acme.example`);
    later(0);
    await until(async () => (await state()).advice !== null);
    expect((await list()).reduce((sum: number, { tries }: { tries: number }) => sum + tries, 0)).toBe(1);
    expect(await state()).toMatchObject({ waiting: 5, advice: expect.stringContaining('user name or the password') });
    await ok(save());
    await over(5);
    expect(await state()).toMatchObject({ waiting: 0, failed: 0, advice: null });
  });
});

describe('mail that waits', () => {
  test('for a server is of no use some day, whether or not one was ever entered', async () => {
    const until = new Date(desk.clock.now().getTime() + 60_000);
    await put('guest@acme.example', { until });
    later(0);
    expect((await list())[0].state).toBe('waiting');
    later(61_000);
    await over(1);
    expect((await list())[0]).toMatchObject({ state: 'failed', problem: expect.stringContaining('not valid') });
    expect(await state()).toMatchObject({ settings: null, waiting: 0, advice: null });
  });

  test('for days for a server that lets nobody in has all its days for an address that is put off', async () => {
    await ok(save({ password: 'wrong-password' }));
    await put('patient@acme.example');
    later(0);
    await until(async () => (await state()).advice !== null);
    server.refuse('recipient', 451);
    desk.clock.move(4 * 86_400_000);
    await ok(save());
    later(0);
    await until(async () => (await list())[0].problem.includes('another time'), list);
    expect((await list())[0].state).toBe('waiting');
    server.refuse('recipient', null);
    later(3_600_000);
    await over(1);
    expect(taken('patient@acme.example')).toHaveLength(1);
  });

  test('says what can be kept of words that cannot', async () => {
    await ok(save());
    await put('odd@acme.example', { text: 'a\0b\ud800c', about: 'x\0y' });
    later(0);
    await over(1);
    expect(taken('odd@acme.example')[0]?.message).toContain('a\ufffdb\ufffdc');
  });
});

describe('the settings', () => {
  test('keep the password to themselves, and for the server and user it was entered for', async () => {
    const answer = await ok(save());
    expect(answer.body.settings.password).toEqual({ isSet: true });
    const { password: _, ...rest } = answer.body.settings;
    // As a page sends them back.
    await ok(desk.operator.ask('PUT', '/api/mail', { body: { ...rest, senderName: 'IT', password: { isSet: true } } }));
    expect((await ok(desk.operator.post('/api/mail/test', {}))).body.ok).toBe(true);
    for (const elsewhere of [{ server: '127.0.0.1' }, { port: 2525 }, { userName: 'other' }]) {
      const body = { ...rest, ...elsewhere };
      for (const refused of [
        await desk.operator.ask('PUT', '/api/mail', { body }),
        await desk.operator.post('/api/mail/test', { settings: body }),
      ])
        expect([refused.status, refused.body.errors?.[0].field]).toEqual([400, 'password']);
    }
    const { rows } = await sql<{ row: string }>`select to_jsonb(m)::text as row from mail_server m
      union all select to_jsonb(a)::text from system_audit a`.execute(desk.database.owner);
    expect(`${rows.map(({ row }) => row).join()}${desk.log.join()}${answer.text}`).not.toContain(password);
  });

  test('are refused by name, and are tried before they are saved', async () => {
    const refusals: readonly (readonly [object, string])[] = [
      [{ senderAddress: 'it@acme.example\r\nBcc: all@acme.example' }, 'senderAddress'],
      [{ senderName: 'IT\nBcc: all@acme.example' }, 'senderName'],
      [{ password: '' }, 'password'],
      [{ userName: '' }, 'userName'],
      [{ security: 'none' }, 'security'],
      [{ port: 0 }, 'port'],
      [{ colour: 'red' }, ''],
    ];
    for (const [of, field] of refusals) {
      const answer = await save(of);
      expect([of, answer.status, answer.body.errors?.[0].field]).toEqual([of, 400, field]);
    }
    const tried = async (of: object) =>
      (await ok(desk.operator.post('/api/mail/test', { settings: settings(of), to: 'me@acme.example' }))).body;
    expect((await tried({ password: 'wrong-password' })).steps.map(({ ok: is }: { ok: boolean }) => is)).toEqual([
      ...[false, null],
    ]);
    expect((await tried({})).ok).toBe(true);
    expect(taken('me@acme.example')).toHaveLength(1);
    expect((await state()).settings).toBe(null);
    // Without a user name nothing is left of a password.
    await ok(save());
    await ok(save({ userName: '', password: '' }));
    expect((await state()).settings.password).toEqual({ isSet: false });
  });
});

describe('the invitation of a customer', () => {
  const make = (more: object = {}) =>
    desk.anna.post('/api/support/session-keys', { queue: 'general', email: 'carol@customer.example', ...more });

  test('is sent with the key by the template, sealed until then', async () => {
    expect(await make()).toMatchObject({ status: 409, body: { detail: expect.stringContaining('mail server') } });
    await ok(save());
    const refused = await make({ email: 'carol@customer.example\r\nBcc: a@b.example' });
    expect([refused.status, refused.body.errors?.[0].field]).toEqual([400, 'email']);
    const { body } = await ok(make({ externalKey: 'INC-7' }));
    const { rows } = await sql<{ row: string }>`select to_jsonb(m)::text as row from mails m`.execute(
      desk.database.owner,
    );
    expect(rows[0]?.row).not.toContain(body.key);
    later(0);
    await over(1);
    expect((await list())[0]).toMatchObject({ mailId: body.mailId, about: 'INC-7', kind: 'session-key' });
    const [mail] = taken('carol@customer.example');
    expect(mail?.message).toContain(body.key);
    expect(mail?.message).toContain(body.url);
  });

  test('is not sent any more once the key is not valid', async () => {
    await ok(save());
    const before = taken('carol@customer.example').length;
    await ok(make({ ttl: 60 }));
    later(61_000);
    await over(1);
    expect((await list())[0]).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('not valid any more'),
    });
    expect(taken('carol@customer.example')).toHaveLength(before);
  });
});
