import { ok } from '@gatehouse/server/testing';
import { until } from '@gatehouse/site/testing';
import { afterEach, expect, test } from 'vitest';
import { type ForeignDesk, foreignDesk } from '../testing/foreign-desk.ts';

let host: ForeignDesk;
afterEach(() => host.close());

const end = (one: ReturnType<ForeignDesk['appliance']['begin']>) => {
  host.appliance.end(one);
  host.sender.tell(host.appliance.event('end', one));
};
const fieldOf = async (number: string, name: string): Promise<unknown> => {
  const { fields } = (await ok(host.technician.get(`/api/cases/${number}`))).body;
  return fields.find((one: { name: string }) => one.name === name)?.value;
};
/** Maps fields of the connection anew. */
const map = async (fields: Readonly<Record<string, string>>) => {
  const path = `/api/connections/${host.connectionId}`;
  const { settings } = (await ok(host.desk.operator.get(path))).body;
  const body = { settings: { ...settings, fields: { ...settings.fields, ...fields } } };
  await ok(host.desk.operator.ask('PATCH', path, { body }));
};
/** Has a session looked at, and waits until it was. */
const again = async (lsid: string) => {
  await ok(host.desk.operator.post(`/api/support-sessions/${host.connectionId}/${lsid}/replay`, {}));
  await until(async () => {
    const { dueAt } = await host.detail(lsid);
    return dueAt !== null && String(dueAt) > new Date().toISOString();
  });
};
const launch = (number: string) =>
  ok(
    host.technician.post(`/api/connections/${host.connectionId}/tickets/${number}/launch`, {
      ...{ search: 'front desk', in: 'desktop' },
    }),
  );

test('a session with a Jump Client that a ticket began is its own, also where sessions of others are left alone', async () => {
  host = await foreignDesk({ connection: { unstarted: 'ignore' } });
  const [asked, other] = [await host.desk.makeCase(), await host.desk.makeCase()];
  await launch(asked.number);
  end(host.appliance.begin({ externalKey: asked.number }));
  const stranger = host.appliance.begin({ externalKey: other.number });
  end(stranger);
  await host.written(asked.number);
  await until(async () => (await host.detail(stranger.lsid)).outcome === 'ignored');
  expect(await host.notes(other.number)).toEqual([]);
});

test('a session whose ticket keeps nothing of its key is its own all the same', async () => {
  host = await foreignDesk({ connection: { unstarted: 'ignore' } });
  const none = { sessionKey: '', sessionUrl: '', sessionKeyExpires: '' };
  await map({ ...none, lastSessionStatus: '', lastSessionEnd: '', jumpSearch: '', surveyRating: '' });
  const { number, one } = await host.session();
  end(one);
  await host.written(number);
});

test('of two desks of one site, whose tickets have the same numbers, the one that began a session has it', async () => {
  host = await foreignDesk();
  const { connectionId, siteId, desk } = host;
  const account = await desk.account();
  const { settings } = (await ok(desk.operator.get(`/api/connections/${connectionId}`))).body;
  const second = await ok(
    desk.operator.post('/api/connections', {
      ...{ name: 'Other cases', desk: 'builtin', siteId, senders: ['127.0.0.1', '::1'], unstarted: 'create' },
      settings: { ...settings, token: account.token },
    }),
  );
  const other: string = second.body.connectionId;
  const { number, one } = await host.session();
  for (const id of [other, connectionId]) {
    await fetch((id === other ? second.body : host).eventsUrl, {
      ...{ method: 'POST', body: new URLSearchParams(host.appliance.event('end', one)) },
    });
    const outcome = async () =>
      (await host.technician.get(`/api/support-sessions/${id}/${one.lsid}`)).body.outcome as string;
    await until(async () => (await outcome()) === (id === other ? 'ignored' : 'attached'));
  }
  await host.written(number);
  expect((await ok(host.technician.get('/api/cases'))).body.items).toHaveLength(1);
});

test('a ticket says that a session waits, that it goes on, and that it is over', async () => {
  host = await foreignDesk();
  const { number } = await host.desk.makeCase();
  await host.key(number);
  const status = () => fieldOf(number, 'Status of the last session');
  expect(await status()).toBe('Waiting');
  const one = host.appliance.begin({ externalKey: number });
  host.sender.tell(host.appliance.event('begin', one));
  await until(async () => (await status()) === 'Open');
  end(one);
  await until(async () => (await status()) === 'Ended');
});

test('a ticket tells of the session that began last, in whatever order they are read', async () => {
  host = await foreignDesk();
  const { number } = await host.desk.makeCase();
  await host.key(number);
  const hour = (hours: number) => new Date(Date.UTC(2026, 0, 1, hours));
  const [early, late] = [9, 11].map((at) =>
    host.appliance.begin({ externalKey: number, beganAt: hour(at), endedAt: hour(at + 1) }),
  );
  for (const [one, count] of [[late, 1] as const, [early, 2] as const]) {
    if (one === undefined) throw new Error('it did not begin');
    host.sender.tell(host.appliance.event('end', one));
    await host.written(number, count);
  }
  expect(await fieldOf(number, 'Session IDs')).toHaveLength(2);
  expect(await fieldOf(number, 'End of the last session')).toBe(hour(12).toISOString());
});

test('a field for the link that starts a session has it once a session was asked for, and keeps what somebody wrote', async () => {
  host = await foreignDesk();
  const name = 'Link that starts a session';
  await map({ sessionStartLink: name });
  const [one, two] = [await host.desk.makeCase(), await host.desk.makeCase({ fields: { [name]: 'Ask Ann first' } })];
  for (const { number } of [one, two]) await host.key(number);
  expect(await fieldOf(one.number, name)).toBe(`${host.desk.url}/start/${host.connectionId}/${one.number}`);
  expect(await fieldOf(two.number, name)).toBe('Ask Ann first');
});

test('a session whose ticket went away makes no other ticket, however often it is looked at', async () => {
  host = await foreignDesk({ connection: { unstarted: 'create' } });
  const { number } = await host.desk.makeCase();
  await host.key(number);
  const one = host.appliance.begin({ externalKey: number });
  host.sender.tell(host.appliance.event('begin', one));
  await until(async () => (await host.detail(one.lsid)).ticketNumber === number);
  await ok(host.desk.operator.ask('DELETE', `/api/cases/${number}`));
  end(one);
  await until(async () => (await host.detail(one.lsid)).outcome === 'gone');
  for (let round = 0; round < 3; round += 1) await again(one.lsid);
  expect((await host.detail(one.lsid)).outcome).toBe('gone');
  expect((await ok(host.technician.get('/api/cases'))).body.items).toEqual([]);
});

test('a merged ticket has what changed of its session afterwards', async () => {
  host = await foreignDesk();
  const { number, one } = await host.session();
  const { number: into } = await host.desk.makeCase();
  host.sender.tell(host.appliance.event('end', one));
  await host.written(number);
  await ok(host.desk.operator.post(`/api/cases/${number}/merge`, { into }));
  one.notes.push('Written after the end');
  await ok(host.desk.operator.post(`/api/support-sessions/${host.connectionId}/${one.lsid}/replay`, {}));
  await until(async () => (await host.notes(into))[0]?.html.includes('Written after the end') === true);
  expect(await host.notes(into)).toHaveLength(1);
});

test('a field that was taken away after the connection was made is told, and the rest is written', async () => {
  host = await foreignDesk();
  const name = 'When it was over';
  const { id } = (await ok(host.desk.operator.post('/api/case-fields', { table: 'support', name }))).body;
  await map({ lastSessionEnd: name });
  await ok(host.desk.operator.ask('DELETE', `/api/case-fields/${id}`));
  const { number, one } = await host.session();
  end(one);
  await host.written(number);
  await until(async () => String((await host.detail(one.lsid)).problem).includes(`“${name}”`));
});

test('a ticket goes where the connection says when its session has ended, once, and whoever moves it then is right', async () => {
  host = await foreignDesk({ connection: { endStatus: 'resolved' } });
  const { number } = await host.desk.makeCase();
  await host.key(number);
  const [one, two] = [host.appliance.begin({ externalKey: number }), host.appliance.begin({ externalKey: number })];
  host.sender.tell(host.appliance.event('begin', two));
  await until(async () => (await host.detail(two.lsid)).state === 'open');
  const status = async () => (await ok(host.technician.get(`/api/cases/${number}`))).body.status;
  end(one);
  await host.written(number);
  await again(one.lsid);
  // The other one goes on.
  expect(await status()).toBe('new');
  end(two);
  await until(async () => (await status()) === 'resolved');
  await ok(host.technician.ask('PATCH', `/api/cases/${number}`, { body: { status: 'open' } }));
  for (const { lsid } of [one, two]) await again(lsid);
  expect(await status()).toBe('open');
});

test('a status that the desk does not have is told, and the report stands all the same', async () => {
  host = await foreignDesk({ connection: { endStatus: 'no such' } });
  const { number, one } = await host.session();
  end(one);
  await host.written(number);
  await until(async () => String((await host.detail(one.lsid)).problem).includes('“no such”'));
});
