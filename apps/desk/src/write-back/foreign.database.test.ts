import { setTimeout as pause } from 'node:timers/promises';
import { deadOrigin } from '@gatehouse/host/testing';
import { ok } from '@gatehouse/server/testing';
import { until } from '@gatehouse/site/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { dialects } from '../testing/appliance/index.ts';
import { type ForeignDesk, foreignDesk } from '../testing/foreign-desk.ts';

let open: ForeignDesk | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});
const foreign = async (dialect = dialects[0], sender: Parameters<typeof foreignDesk>[0] = {}): Promise<ForeignDesk> => {
  open = await foreignDesk({ ...(dialect !== undefined && { dialect }), ...sender });
  return open;
};

describe.each(dialects.map((dialect) => [dialect.name, dialect] as const))('%s', (_name, dialect) => {
  test('is tried, makes keys, and has its sessions written into tickets', async () => {
    const host = await foreign(dialect);
    const { desk, appliance, sender, siteId } = host;
    const tried = await ok(desk.operator.post(`/api/sites/${siteId}/test`, {}));
    expect(tried.body.ok, tried.text).toBe(true);
    const steps = ['reachable', 'encrypted', 'signed-in', 'command', 'reporting', 'teams'];
    expect(tried.body.steps.map(({ id }: { id: string }) => id)).toEqual(steps);
    const url = await deadOrigin();
    for (const [settings, passed] of [
      [{ url, clientSecret: 'x' }, []],
      [{ clientSecret: 'wrong' }, ['reachable', 'encrypted']],
    ] as const) {
      const { body } = await ok(desk.operator.post(`/api/sites/${siteId}/test`, { settings }));
      const found = body.steps.filter(({ ok: holds }: { ok: boolean | null }) => holds === true);
      expect([body.ok, found.map(({ id }: { id: string }) => id)]).toEqual([false, passed]);
    }

    const { number } = await desk.makeCase({ subject: 'It beeps' });
    const made = await host.key(number, { to: 'team', team: 'network' });
    expect(appliance.keys).toEqual([{ shortKey: made.key, queue: 'team:3', externalKey: number }]);

    const one = appliance.begin({ externalKey: number });
    for (const name of ['begin', 'member_added', 'owner_changed']) sender.tell(appliance.event(name, one));
    await until(async () => (await host.detail(one.lsid)).state === 'open');
    one.said.push({ by: 'customer', text: 'It <b>beeps</b>' });
    one.notes.push('Replaced the fuser');
    one.files.push({ name: 'drivers.zip', bytes: 12_345 });
    one.system.push({ category: 'Hardware', rows: [['CPU', '8 cores']] });
    appliance.end(one);
    sender.tell(appliance.event('end', one));
    await host.written(number);
    one.surveys.push({ by: 'cust', label: 'How was it?', answer: '4' });
    sender.tell(appliance.event('customer_exit_survey_completed', one));
    await host.written(number, 2);

    const [note] = await host.notes(number);
    for (const words of ['Carol', 'Sterling Archer', '&lt;b&gt;beeps', 'Replaced the fuser', 'drivers.zip'])
      expect(note?.html).toContain(words);
    expect(note?.html).not.toContain('session_download');
    const { report } = await host.detail(one.lsid);
    expect(report).toMatchObject({ system: [{ name: 'Hardware', rows: [{ name: 'CPU', value: '8 cores' }] }] });
    // One session, in whatever letters its id is written.
    const { body } = await ok(host.technician.get('/api/support-sessions'));
    expect(body.items).toMatchObject([{ lsid: one.lsid, outcome: 'attached', ticketNumber: number, state: 'ended' }]);
    expect(sender.answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(await host.desk.program.reconciler.look()).toBe(0);
  });
});

test('a session with a Jump Client begins behind the sign-in of an appliance that makes no links', async () => {
  const host = await foreign();
  const { number } = await host.desk.makeCase();
  const path = `/api/connections/${host.connectionId}/tickets/${number}/launch`;
  expect((await host.technician.post(path, {})).body.detail).toContain('does not say which machine');
  const launched = await ok(host.technician.post(path, { search: 'front & desk' }));
  const url = new URL(launched.body.url);
  expect([url.origin, url.pathname, launched.body.expiresAt]).toEqual([host.appliance.url, '/api/client_script', null]);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    ...{ type: 'web_console', operation: 'execute', action: 'start_jump_item_session', 'jump.method': 'pinned' },
    ...{ search_string: 'front & desk', 'session.custom.external_key': number },
  });
  const file = await ok(host.technician.post(path, { in: 'desktop' }));
  expect(new URL(file.body.url).searchParams.get('type')).toBe('rep');
});

describe('an appliance on a bad day', () => {
  test('has its hour-long token end between two calls, and nobody notices', async () => {
    const host = await foreign();
    const { appliance, sender } = host;
    for (let hour = 0; hour < 3; hour += 1) {
      const { number, one } = await host.session();
      appliance.passes(3_600_000);
      sender.tell(appliance.event('end', one));
      await host.written(number);
    }
    expect(appliance.asked.filter((what) => what === 'token').length).toBeLessThanOrEqual(8);
  });

  test('answers with pages, half answers and nothing at all, and the session is written afterwards, once', async () => {
    const host = await foreign();
    const { number, one } = await host.session();
    for (const mishap of ['error page', 'hangs up', 'half an answer', 'proxy'] as const)
      host.appliance.suffers(mishap, 1);
    host.sender.tell(host.appliance.event('end', one));
    await host.written(number);
    await pause(300);
    expect(await host.notes(number)).toHaveLength(1);
    expect(host.sender.answers.map(({ status }) => status)).toEqual([200]);
  });

  test('tells of a session before it reports it, twice, and of its end before its beginning', async () => {
    const host = await foreign();
    const { appliance, sender } = host;
    const { number, one } = await host.session({ isReported: false });
    const end = appliance.event('end', one);
    for (const event of [end, end, appliance.event('begin', one), end]) sender.tell(event);
    await until(() => appliance.asked.filter((what) => what === 'reporting SupportSession').length > 1);
    expect(await host.notes(number)).toEqual([]);
    one.isReported = true;
    await host.written(number);
    const { body } = await ok(host.desk.operator.get('/api/events'));
    expect(body.items).toHaveLength(2);
    expect(await host.notes(number)).toHaveLength(1);
  });
});

describe('nothing is lost, and nothing stands there twice', () => {
  test('when the desk is down: the queue waits, and goes on in its order', async () => {
    const host = await foreign();
    const { desk, appliance, sender } = host;
    const sessions = [];
    for (let count = 0; count < 12; count += 1) sessions.push(await host.session());
    await desk.stop();
    for (const { one } of sessions) for (const name of ['begin', 'end']) sender.tell(appliance.event(name, one));
    await until(() => sender.answers.some(({ status }) => status === 0));
    expect(sender.waiting()).toBe(24);
    await desk.start();
    await sender.drained();
    for (const { number } of sessions) await host.written(number);
    for (const { number } of sessions) expect(await host.notes(number)).toHaveLength(1);
    const taken = sender.answers
      .filter(({ status }) => status === 200)
      .map(({ event }) => `${event.lsid} ${event.event}`);
    expect(taken).toEqual(
      sessions.flatMap(({ one }) => ['begin', 'end'].map((name) => `${one.lsid} support_conference_${name}`)),
    );
  });

  test('when it was down for longer than the appliance keeps events: what was dropped is found', async () => {
    const host = await foreign(dialects[1], { sender: { retryMs: 20, dropAfterMs: 60 } });
    const { desk, appliance, sender } = host;
    const { number, one } = await host.session();
    await desk.stop();
    sender.tell(appliance.event('end', one));
    await sender.drained();
    const program = await desk.start();
    expect(await host.notes(number)).toEqual([]);
    expect(await program.reconciler.look()).toBe(1);
    await host.written(number);
    expect(await program.reconciler.look()).toBe(0);
  });

  test('when a storm of events is about one session, or about none', async () => {
    const host = await foreign();
    const { appliance, sender, eventsUrl } = host;
    const { number, one } = await host.session();
    const end = appliance.event('end', one);
    await Promise.all(
      Array.from({ length: 800 }, async (_, index) => {
        const made = index % 4 === 0 ? { lsid: 'f'.repeat(24) + String(10_000_000 + index) } : {};
        const body = new URLSearchParams({ ...end, ...made, timestamp: String(index) });
        expect((await fetch(eventsUrl, { method: 'POST', body })).status).toBe(200);
      }),
    );
    sender.tell(end);
    await sender.drained();
    expect(sender.answers).toHaveLength(1);
    // Strangers are limited, and change nothing for those who are let in.
    const strangers = await Promise.all(
      Array.from({ length: 700 }, async () => {
        const body = new URLSearchParams(end);
        return (await fetch(eventsUrl.replace(/KB=.*/, 'KB=guessed'), { method: 'POST', body })).status;
      }),
    );
    expect(new Set(strangers)).toEqual(new Set([404, 429]));
    await host.written(number);
    await pause(500);
    expect(await host.notes(number)).toHaveLength(1);
    // All of a moment are in the list, page by page.
    const seen = new Set<string>();
    for (let query = '?limit=300'; query !== ''; ) {
      const { items, next } = (await ok(host.desk.operator.get(`/api/events${query}`))).body;
      for (const { eventId } of items) seen.add(eventId);
      query = next === null ? '' : `?limit=300&cursor=${next}`;
    }
    expect(seen.size).toBe(801);
    // Sessions that the site does not know are nobody's, and no case was made for them.
    const { body } = await ok(host.desk.operator.get('/api/cases'));
    expect(body.items).toHaveLength(1);
  });

  test('when somebody forges events, or sends old ones again', async () => {
    const host = await foreign();
    const { appliance, sender, eventsUrl } = host;
    const { number, one } = await host.session();
    const { number: other } = await host.desk.makeCase({ subject: 'Of somebody else' });
    const post = async (url: string, form: object) =>
      (await fetch(url, { method: 'POST', body: new URLSearchParams({ ...form }) })).status;
    const end = appliance.event('end', one);
    expect(await post(eventsUrl.replace(/KB=.*/, 'KB=guessed'), end)).toBe(404);
    // What an event says of a session is not believed: the site is asked.
    expect(await post(eventsUrl, { ...end, external_key: other, display_name: '<script>alert(1)</script>' })).toBe(200);
    sender.tell(end);
    await host.written(number);
    for (let again = 0; again < 5; again += 1) expect(await post(eventsUrl, end)).toBe(200);
    await pause(300);
    expect(await host.notes(number)).toHaveLength(1);
    expect(await host.notes(other)).toEqual([]);
  });

  test('when everything that others name is written to be run', async () => {
    const host = await foreign(dialects[1]);
    const { appliance, sender } = host;
    const hostile = '"><img src=x onerror=alert(1)><script>alert(1)</script>{{ session.url }}\u0000\u202e';
    const { number, one } = await host.session({
      ...{ customer: hostile, representative: hostile, notes: [hostile], said: [{ by: 'customer', text: hostile }] },
      files: [{ name: `../../${hostile}.exe`, bytes: 1 }],
      system: [{ category: hostile, rows: [[hostile, hostile]] }],
      surveys: [{ by: 'cust', label: hostile, answer: hostile }],
    });
    sender.tell({ ...appliance.event('end', one), display_name: hostile, custom: hostile });
    await host.written(number, 2);
    for (const { title, html } of await host.notes(number)) {
      expect(`${html}`).not.toMatch(/<(img|script)/i);
      expect(title).not.toContain('\0');
      // What it says is read as words: nothing is put in for the braces.
      expect(html).toContain('{{ session.url }}');
    }
    const { report } = await host.detail(one.lsid);
    expect(JSON.stringify(report)).toContain('onerror=alert(1)');
    // No name turns round what stands beside it: `photo[RLO]gpj.exe` would be read as a picture.
    expect(JSON.stringify([report, await host.notes(number)])).not.toContain('\u202e');
    expect((await ok(host.desk.operator.get('/api/events'))).body.items).toHaveLength(1);
  });

  test('when its ticket is merged into another one in mid-session', async () => {
    const host = await foreign();
    const { desk, appliance, sender } = host;
    const { number } = await desk.makeCase({ subject: 'A' });
    const { number: into } = await desk.makeCase({ subject: 'B' });
    await host.key(number);
    const one = appliance.begin({ externalKey: number });
    sender.tell(appliance.event('begin', one));
    await until(async () => (await host.detail(one.lsid)).ticketNumber === number);
    await ok(desk.operator.post(`/api/cases/${number}/merge`, { into }));
    appliance.end(one);
    sender.tell(appliance.event('end', one));
    await host.written(into);
    expect(await host.notes(into)).toHaveLength(1);
    expect(await host.detail(one.lsid)).toMatchObject({ ticketNumber: into, outcome: 'attached', problem: '' });
  });

  test('when its ticket is deleted in mid-session: the session stays, and says so', async () => {
    const host = await foreign();
    const { desk, appliance, sender } = host;
    const { number } = await desk.makeCase({ subject: 'A' });
    await host.key(number);
    const one = appliance.begin({ externalKey: number });
    sender.tell(appliance.event('begin', one));
    await until(async () => (await host.detail(one.lsid)).ticketNumber === number);
    await ok(desk.operator.ask('DELETE', `/api/cases/${number}`));
    appliance.end(one);
    sender.tell(appliance.event('end', one));
    await until(async () => (await host.detail(one.lsid)).outcome === 'gone');
    const { report } = await host.detail(one.lsid);
    expect(report).toMatchObject({ externalKey: number });
  });
});
