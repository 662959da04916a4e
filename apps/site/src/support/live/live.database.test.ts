import { randomBytes, randomUUID } from 'node:crypto';
import type { Json } from '@gatehouse/kernel';
import { ok, type TestClient, testClient } from '@gatehouse/server/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../testing/errands.ts';
import { headersOf } from '../../testing/page-socket.ts';
import { type Desk, openDesk, type Representative } from '../testing/desk.ts';
import { customerLine, type LivePage, openLivePage, representativeLine } from '../testing/live-page.ts';
import { openHub } from './hub.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

/** A customer who came with a key; nobody took the session yet. */
const come = async (name = 'Carol <b>'): Promise<{ carol: TestClient; lsid: string; key: string }> => {
  const { key } = await desk.key({ externalKey: 'INC-1' });
  const carol = testClient(desk.url);
  const system = {
    platform: 'Linux',
    userAgent: 'Firefox',
    language: 'en',
    timeZone: 'Europe/Vienna',
    screen: '1 × 1',
  };
  const begun = await ok(carol.post('/api/portal/sessions', { key, name, agreed: true, system }));
  return { carol, lsid: begun.body.session.lsid, key };
};
const take = (lsid: string, who: Representative = desk.anna) => ok(who.post(`/api/support/sessions/${lsid}/join`, {}));

const both = async (): Promise<{ carol: TestClient; lsid: string; customer: LivePage; anna: LivePage }> => {
  const { carol, lsid } = await come();
  const customer = await openLivePage(carol, customerLine);
  await take(lsid);
  const anna = await openLivePage(desk.anna, representativeLine(lsid));
  // From then on she knows who she is in it.
  await anna.until((page) => page.session() !== undefined);
  return { carol, lsid, customer, anna };
};
/** Who somebody is in the session. */
const youOf = ({ heard }: LivePage): number =>
  heard.flatMap((one) => (one.type === 'session' ? one.you : [])).at(-1) ?? 0;
const put = async (person: Pick<TestClient, 'url' | 'cookies'>, path: string, content: Buffer) => {
  const headers = { ...headersOf(person), 'content-type': 'application/octet-stream' };
  const response = await fetch(new URL(path, person.url), { method: 'PUT', headers, body: new Uint8Array(content) });
  return { status: response.status, body: await response.json() };
};
const bytesOf = async (person: Pick<TestClient, 'url' | 'cookies'>, path: string) => {
  const response = await fetch(new URL(path, person.url), { headers: headersOf(person) });
  return { status: response.status, content: Buffer.from(await response.arrayBuffer()) };
};
const gone = async (person: Pick<TestClient, 'url' | 'cookies'>, path: string) =>
  openLivePage(person, path).then(
    () => 'let in',
    (error: Error) => error.message,
  );

describe('what is said', () => {
  test('reaches both sides in order, and what is between representatives stays there', async () => {
    const { lsid, customer, anna } = await both();
    for (let number = 1; number <= 50; number += 1) (number % 2 === 0 ? customer : anna).say(`${number}`);
    await ok(desk.anna.post(`/api/support/sessions/${lsid}/notes`, { text: 'She is <i>cross</i>' }));
    await anna.until((page) => page.events().some(({ type }) => type === 'note_added') && page.words().length === 50);
    await customer.until((page) => page.words().length === 50);
    expect(customer.words()).toEqual(anna.words());
    expect(customer.words().filter((one) => Number(one) % 2 === 0)).toEqual(
      Array.from({ length: 25 }, (_, index) => `${2 * index + 2}`),
    );
    const told = new Set(customer.events().map(({ type }) => type));
    for (const type of ['note_added', 'system_information', 'attributes_set']) expect(told).not.toContain(type);
    expect(JSON.stringify(customer.heard)).not.toContain('INC-1');
    expect(anna.session()?.externalKey).toBe('INC-1');
    expect(customer.session()?.participants.map(({ kind }) => kind)).toEqual(['customer', 'representative']);
    expect(customer.events().map(({ seq }) => seq)).toEqual(
      customer
        .events()
        .map(({ seq }) => seq)
        .toSorted((a, b) => a - b),
    );
  });

  test('stands once however often a page says it, and somebody who comes back is told what they missed', async () => {
    const { carol, customer, anna } = await both();
    const id = randomUUID();
    customer.say('Hello', id);
    customer.say('Hello', id);
    await anna.until((page) => page.words().length === 1);
    const last = customer.events().at(-1)?.seq ?? 0;
    await customer.close();
    anna.say('Are you there?');
    await anna.until((page) => page.words().length === 2);
    const again = await openLivePage(carol, customerLine, last);
    again.say('Hello', id);
    again.say('Yes');
    await again.until((page) => page.words().includes('Yes'));
    await anna.until((page) => page.words().includes('Yes'));
    expect(again.words().filter((one) => one !== 'Hello')).toEqual(['Are you there?', 'Yes']);
    expect(anna.words()).toEqual(['Hello', 'Are you there?', 'Yes']);
  });

  test('is refused with its id when the session is over', async () => {
    const { lsid, customer, anna } = await both();
    await ok(desk.anna.post(`/api/support/sessions/${lsid}/end`, {}));
    await customer.until((page) => page.session()?.state === 'ended');
    const id = randomUUID();
    customer.say('One more', id);
    await customer.until((page) => page.heard.some((one) => one.type === 'refused' && one.id === id));
    expect(anna.words()).toEqual([]);
  });

  test('reaches pages at every copy of the site, signals and parts of a screen included', async () => {
    const { lsid, customer, anna } = await both();
    const { database, databaseUrl, log } = desk.site.outbound.parts;
    const copy = openHub({ database, databaseUrl, log });
    const heard: string[] = [];
    const drawn: Buffer[] = [];
    const you = youOf(anna);
    copy.add({
      ...{ lsid, gsnumber: you, kind: 'representative', last: 0, close: () => undefined },
      hear: (message) => heard.push(JSON.stringify(message)),
      draw: (from, part) => drawn.push(Buffer.concat([Buffer.of(from), part])),
    });
    customer.say('To both');
    await until(() => heard.some((one) => one.includes('To both')));
    customer.send({ type: 'screen', on: true, mediaType: 'video/webm; codecs="vp8"' });
    customer.send({ type: 'signal', to: you, signal: { kind: 'offer', body: 'v=0' } });
    customer.send({ type: 'relaying', to: [you] });
    customer.send(Buffer.from([1, 7, 7]));
    customer.send(Buffer.from([0, 8]));
    await until(() => drawn.length === 2);
    await anna.until((page) => page.drawn.length === 2);
    expect(drawn.map((part) => [...part])).toEqual([
      [1, 1, 7, 7],
      [1, 0, 8],
    ]);
    await until(() => heard.some((one) => one.includes('offer')));
    await anna.until((page) => page.heard.some((one) => one.type === 'signal' && one.from === 1));
    await copy.close();
  });

  test('ends with the site, also where somebody was not told everything yet', async () => {
    const { lsid } = await both();
    const { database, databaseUrl, log } = desk.site.outbound.parts;
    const copy = openHub({ database, databaseUrl, log });
    const page = { lsid, gsnumber: 2, kind: 'representative' as const, hear: () => undefined, draw: () => undefined };
    // The second comes while the first is being told.
    for (const last of [0, 1]) copy.add({ ...page, last, close: () => undefined });
    await copy.close();
  });

  test('closes the line of a page that speaks nonsense, or too fast', async () => {
    for (const [nonsense, code] of [
      ['{', 1008],
      ['{"type":"end"}', 1008],
      ['{"type":"chat","id":"1","text":"x"}', 1008],
      [`{"type":"chat","id":"${randomUUID()}","text":"${'x'.repeat(10_001)}"}`, 1008],
    ] as const) {
      const { customer } = await both();
      customer.sendText(nonsense);
      expect(await customer.closed).toBe(code);
    }
    const drawing = await both();
    drawing.customer.send(Buffer.from([1]));
    expect(await drawing.customer.closed).toBe(1009);
    const { customer } = await both();
    for (let number = 0; number < 200; number += 1) customer.send({ type: 'typing' });
    expect(await customer.closed).toBe(1008);
  });
});

describe('who may come in', () => {
  test('needs a valid key, and agrees to what the portal says', async () => {
    const { key } = await come();
    const stranger = testClient(desk.url);
    const used = await stranger.post('/api/portal/sessions', { key, name: 'Mallory', agreed: true });
    expect([used.status, used.body.detail]).toEqual([409, expect.stringContaining('not valid')]);
    const { key: fresh, link } = await desk.key();
    const refused = await stranger.post('/api/portal/sessions', { key: fresh, name: 'Mallory', agreed: false });
    expect([refused.status, refused.body.errors[0].field]).toEqual([400, 'agreed']);
    expect((await stranger.post('/api/portal/link', { key: link })).body).toEqual({ valid: true });
    await ok(stranger.post('/api/portal/sessions', { key: link, name: 'Mallory', agreed: true }));
    expect((await stranger.post('/api/portal/link', { key: link })).body).toEqual({ valid: false });
  });

  test('has the cookie of this customer; a session of somebody else is not there', async () => {
    const { lsid, carol } = await come();
    const other = await desk.representative({ perm_support_allowed: true });
    expect((await testClient(desk.url).get('/api/portal/session')).body).toBe(null);
    expect((await testClient(desk.url).post('/api/portal/session/leave', {})).status).toBe(404);
    expect(await gone(testClient(desk.url), customerLine)).toContain('404');
    expect(await gone(carol, representativeLine(lsid))).toContain('401');
    expect(await gone(other, representativeLine(lsid))).toContain('404');
    expect((await other.get(`/api/support/sessions/${lsid}`)).status).toBe(404);
    expect((await other.post(`/api/support/sessions/${lsid}/notes`, { text: 'x' })).status).toBe(404);
    const stolen = await fetch(new URL(customerLine, desk.url), {
      headers: { ...headersOf(carol), origin: 'https://evil.example' },
    });
    expect(stolen.status).toBe(403);
  });

  test('without a key comes to the general queue while somebody is there, and not when the site says no', async () => {
    const carol = testClient(desk.url);
    const portal = await ok(carol.get('/api/portal'));
    expect(portal.body).toMatchObject({ general: true, issues: [{ codeName: 'paper_jam', description: 'Paper jam' }] });
    const { body } = await ok(carol.post('/api/portal/sessions', { name: 'Carol', agreed: true, issue: 'paper_jam' }));
    const all = (await ok(desk.anna.get('/api/support/sessions'))).body.items;
    expect(all.find((one: { lsid: string }) => one.lsid === body.session.lsid).queue).toBe(
      `team:${desk.teams.printers}`,
    );
    await ok(desk.operator.ask('PATCH', '/api/options', { body: { portalGeneralQueue: false } }));
    const refused = await testClient(desk.url).post('/api/portal/sessions', { name: 'Carol', agreed: true });
    expect(refused.status).toBe(409);
    await ok(desk.operator.ask('PATCH', '/api/options', { body: { portalGeneralQueue: true } }));
    for (let more = 0; more < 8; more += 1)
      await testClient(desk.url).post('/api/portal/sessions', { name: 'Carol', agreed: true });
    const full = await testClient(desk.url).post('/api/portal/sessions', { name: 'Carol', agreed: true });
    expect(full.status).toBe(429);
  });

  test('was invited: joins without taking it, once', async () => {
    const { lsid, anna } = await both();
    const bert = await desk.representative({ perm_support_allowed: true });
    await ok(bert.beat());
    expect((await bert.post(`/api/support/sessions/${lsid}/join`, {})).status).toBe(404);
    await ok(desk.anna.post(`/api/support/sessions/${lsid}/invite`, { userId: bert.userId }));
    expect((await ok(bert.get('/api/support/sessions'))).body.invited.map((one: { lsid: string }) => one.lsid)).toEqual(
      [lsid],
    );
    await ok(bert.post(`/api/support/sessions/${lsid}/join`, {}));
    const page = await openLivePage(bert, representativeLine(lsid));
    page.say('I am here, too');
    await anna.until((one) => one.words().includes('I am here, too'));
    expect(anna.session()?.participants).toHaveLength(3);
    expect(anna.session()?.owner).toBe(2);
    expect((await bert.post(`/api/support/sessions/${lsid}/join`, {})).status).toBe(409);
  });
});

describe('files', () => {
  test('go both ways as they are, and are noted when somebody has them', async () => {
    const { lsid, carol, customer, anna } = await both();
    const [mine, hers] = [randomBytes(3_000_000), Buffer.from('plain')];
    const sent = await put(carol, `/api/portal/session/files?name=${encodeURIComponent('Ärger & <b>.bin')}`, mine);
    expect(sent).toMatchObject({ status: 201, body: { size: 3_000_000, name: 'Ärger & <b>.bin' } });
    await anna.until((page) => page.events().some(({ type }) => type === 'file_sent'));
    const got = await bytesOf(desk.anna, `/api/support/sessions/${lsid}/files/${sent.body.file}`);
    expect(got.content.equals(mine)).toBe(true);
    const back = await put(desk.anna, `/api/support/sessions/${lsid}/files?name=fix.txt`, hers);
    await customer.until((page) => page.events().filter(({ type }) => type === 'file_sent').length === 2);
    expect((await bytesOf(carol, `/api/portal/session/files/${back.body.file}`)).content.equals(hers)).toBe(true);
    await anna.until((page) => page.events().filter(({ type }) => type === 'file_received').length === 2);
    expect((await bytesOf(testClient(desk.url), `/api/portal/session/files/${back.body.file}`)).status).toBe(404);
    const another = await come();
    expect((await bytesOf(another.carol, `/api/portal/session/files/${back.body.file}`)).status).toBe(404);
  });

  test('and screens are not taken while nobody is there for them', async () => {
    const { carol, lsid } = await come();
    const early = await put(carol, '/api/portal/session/files?name=a.txt', Buffer.from('x'));
    expect([early.status, early.body.detail]).toEqual([409, 'Wait until a representative is in the session.']);
    const customer = await openLivePage(carol, customerLine);
    customer.send({ type: 'screen', on: true, mediaType: 'video/webm' });
    customer.send(Buffer.from([1, 2, 3]));
    customer.say('Anybody?');
    await customer.until((page) => page.words().length === 1);
    const { events } = (await ok(desk.operator.get(`/api/support-sessions/${lsid}`))).body;
    expect(events.map(({ type }: { type: string }) => type)).not.toContain('screen_started');
    const flooding = await both();
    const part = Buffer.alloc(199_000, 1);
    for (let number = 0; number < 60; number += 1) flooding.customer.send(part);
    expect(await flooding.customer.closed).toBe(1008);
  });

  test('are refused by what their bytes say, whatever their name; nothing of them stays', async () => {
    const { lsid, carol, anna } = await both();
    await ok(
      desk.operator.ask('PATCH', '/api/options', { body: { fileRefusedTypes: ['exe'], fileMostBytes: 2_000_000 } }),
    );
    const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(5_000, 1)]);
    for (const [name, content] of [
      ['invoice.pdf', program],
      ['setup.EXE. ', Buffer.from('x')],
      ['big.bin', Buffer.alloc(2_000_001)],
    ] as const) {
      const refused = await put(carol, `/api/portal/session/files?name=${encodeURIComponent(name)}`, content);
      expect([refused.status, refused.body.detail]).toEqual([422, expect.stringContaining('not allowed here')]);
    }
    await anna.until((page) => page.events().filter(({ type }) => type === 'file_refused').length === 3);
    const whole = await ok(desk.operator.get(`/api/support-sessions/${lsid}`));
    expect(whole.body.events.filter(({ type }: { type: string }) => type === 'file_sent')).toEqual([]);
    expect((await put(carol, '/api/portal/session/files?name=a%2Fb', Buffer.from('x'))).status).toBe(400);
    await ok(
      desk.operator.ask('PATCH', '/api/options', { body: { fileRefusedTypes: [], fileMostBytes: 2_147_483_648 } }),
    );
  });
});

describe('what the options allow', () => {
  const set = (body: Json) => ok(desk.operator.ask('PATCH', '/api/options', { body }));

  test('files come only from the side that may send them, and only of the types that are allowed', async () => {
    const { lsid, carol } = await both();
    const [mine, hers] = ['/api/portal/session/files', `/api/support/sessions/${lsid}/files`];
    const send = async (who: Pick<TestClient, 'url' | 'cookies'>, path: string, name: string, content = 'x') =>
      (await put(who, `${path}?name=${encodeURIComponent(name)}`, Buffer.from(content, 'latin1'))).status;
    await set({ customersSendFiles: false, fileAllowedTypes: ['txt', 'jpeg'] });
    expect((await ok(carol.get('/api/portal/session'))).body.may).toEqual({ sendFiles: false, shareScreen: true });
    expect((await ok(desk.anna.get(`/api/support/sessions/${lsid}`))).body.maySendFiles).toBe(true);
    const jpeg = '\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01';
    for (const [name, content, status] of [
      ['notes.txt', 'x', 201],
      ['picture.jpeg', jpeg, 201],
      ['picture.jpg', jpeg, 422],
      ['notes', 'x', 422],
      ['notes.pdf', 'x', 422],
      ['program.txt', `MZ${'x'.repeat(5_000)}`, 422],
    ] as const)
      expect([name, await send(desk.anna, hers, name, content)]).toEqual([name, status]);
    expect(await send(carol, mine, 'notes.txt')).toBe(422);
    await set({ customersSendFiles: true, representativesSendFiles: false });
    expect([await send(carol, mine, 'notes.txt'), await send(desk.anna, hers, 'notes.txt')]).toEqual([201, 422]);
    await set({ representativesSendFiles: true, fileAllowedTypes: [] });
    expect(await send(desk.anna, hers, 'notes')).toBe(201);
  });

  test('a screen is shared only where customers may, and the portal has the name that it is given', async () => {
    await set({ customersShareScreens: false, portalName: 'Help of Acme' });
    const { customer, anna, carol } = await both();
    expect((await ok(carol.get('/api/portal/session'))).body.may.shareScreen).toBe(false);
    customer.send({ type: 'screen', on: true, mediaType: 'video/webm; codecs="vp8"' });
    customer.send(Buffer.from([1, 1, 2, 3]));
    const you = youOf(anna);
    customer.send({ type: 'signal', to: you, signal: { kind: 'offer', body: 'v=0' } });
    customer.send({ type: 'signal', to: you, signal: { kind: 'declined', body: '' } });
    customer.say('I shared it');
    await anna.until((page) => page.words().includes('I shared it'));
    expect([anna.events().some(({ type }) => type === 'screen_started'), anna.drawn]).toEqual([false, []]);
    // Nor does one browser show it to the other, past the site.
    await anna.until((page) => page.heard.some((one) => one.type === 'signal'));
    expect(anna.heard.flatMap((one) => (one.type === 'signal' ? [one.signal.kind] : []))).toEqual(['declined']);
    expect((await ok(carol.get('/api/portal'))).body.company).toBe('Help of Acme');
    await set({ customersShareScreens: true, portalName: '' });
    expect((await ok(carol.get('/api/portal'))).body.company).toBe('gatehouse');
  });
});

describe('the end', () => {
  test('comes when the customer says so; both answer the survey, once', async () => {
    const { lsid, carol, anna } = await both();
    await ok(carol.post('/api/portal/session/leave', {}));
    await anna.until((page) => page.session()?.state === 'ended');
    expect(anna.session()?.endReason).toBe('ended_by_customer');
    const answers = [
      { name: 'rating', value: '4' },
      { name: 'comments', value: '<script>' },
      { name: 'other', value: 'x' },
    ];
    await ok(carol.post('/api/portal/session/survey', { answers }));
    expect((await carol.post('/api/portal/session/survey', { answers })).status).toBe(409);
    expect((await ok(carol.get('/api/portal/session'))).body.survey).toEqual([]);
    await ok(desk.anna.post(`/api/support/sessions/${lsid}/survey`, { answers: answers.slice(0, 1) }));
    const { events } = (await ok(desk.operator.get(`/api/support-sessions/${lsid}`))).body;
    const surveys = events.filter(({ type }: { type: string }) => type === 'survey_completed');
    expect(surveys.map(({ body }: { body: { kind: string } }) => body.kind)).toEqual(['customer', 'representative']);
    expect(surveys[0].body.answers.map(({ name, value }: { name: string; value: string }) => [name, value])).toEqual([
      ['rating', '4'],
      ['comments', '<script>'],
    ]);
  });

  test('comes when the page of the customer is not heard of for three minutes', async () => {
    const { lsid, customer, anna } = await both();
    await customer.close();
    desk.clock.move(170_000);
    await ok(desk.anna.beat());
    await desk.site.support.sweep();
    expect((await ok(desk.operator.get(`/api/support-sessions/${lsid}`))).body.state).toBe('active');
    desk.clock.move(15_000);
    await desk.site.support.sweep();
    await anna.until((page) => page.session()?.endReason === 'customer_lost');
  });

  test('ends what was shared, and what was recorded of a screen stays', async () => {
    const { lsid, carol, customer, anna } = await both();
    customer.send({ type: 'screen', on: true, mediaType: 'video/webm; codecs="vp8"' });
    customer.send(Buffer.from([1, 1, 2, 3]));
    customer.send(Buffer.from([0, 4, 5]));
    await anna.until((page) => page.events().some(({ type }) => type === 'screen_started'));
    await customer.close();
    await anna.until((page) => page.events().some(({ type }) => type === 'screen_stopped'));
    await ok(carol.post('/api/portal/session/leave', {}));
    const stopped = anna.events().find(({ type }) => type === 'screen_stopped');
    expect(stopped?.body.recording).toMatch(/^[0-9a-f-]{36}$/);
    expect(lsid).toHaveLength(32);
  });
});
