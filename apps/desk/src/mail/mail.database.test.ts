import { reply, startMailServer, startServer, type TestMailServer } from '@gatehouse/host/testing';
import { ok } from '@gatehouse/server/testing';
import { until } from '@gatehouse/site/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SessionReport } from '../api/report.ts';
import { toTranscript, transcriptHtml } from '../report/index.ts';
import { type SupportedDesk, supportedDesk } from '../testing/support-desk.ts';

let host: SupportedDesk;
let server: TestMailServer;
let manager: SupportedDesk['technician'];
beforeAll(async () => {
  host = await supportedDesk({}, { mailMs: 50 });
  server = await startMailServer({ security: 'none' });
  manager = await host.desk.person('manager');
});
afterAll(async () => {
  await host.close();
  await server.close();
});

const setUp = () =>
  ok(
    manager.ask('PUT', '/api/mail', {
      body: { server: '127.0.0.1', port: server.port, security: 'none', senderAddress: 'desk@corp.example' },
    }),
  );
const connection = (change: object) =>
  ok(
    host.desk.operator.ask('PATCH', `/api/connections/${host.connectionId}`, {
      body: JSON.parse(JSON.stringify(change)),
    }),
  );
let people = 0;
/** A case of a customer with an address of their own. */
const makeCase = async (subject: string) => {
  people += 1;
  const email = `customer-${people}@customer.example`;
  await ok(host.technician.post('/api/desk/people', { name: `Customer ${people}`, email }));
  return { ...(await host.desk.makeCase({ subject, requester: email })), email };
};
const notes = async (number: string, who: Pick<typeof manager, 'get'> = host.technician) =>
  (await ok(who.get(`/api/cases/${number}/notes`))).body.items;
const taken = (email: string) => server.taken.filter(({ to }) => to.includes(email));
const ticket = (number: string) => `/api/connections/${host.connectionId}/tickets/${number}`;

describe('an answer to the customer', () => {
  test('says that its mail waits, and that it was sent: once, and of internal notes nothing', async () => {
    const { number, email } = await makeCase('Printer');
    await ok(host.technician.post(`/api/cases/${number}/notes`, { text: 'Only for us' }));
    const said = { text: 'Turn it <off>\nand on', visibility: 'public' };
    const written = await ok(host.technician.post(`/api/cases/${number}/notes`, said));
    expect(written.body.mail).toEqual({ state: 'waiting', problem: '' });
    expect((await ok(manager.get('/api/mail'))).body).toMatchObject({
      waiting: 1,
      advice: 'Mail waits: enter a mail server.',
    });
    const { rows } = await sql<{ row: string }>`select to_jsonb(m)::text as row from mails m`.execute(
      host.desk.database.owner,
    );
    expect(rows.map(({ row }) => row).join()).not.toContain('Turn it');
    await setUp();
    await until(async () => (await notes(number))[1].mail?.state === 'sent');
    const [mail, another] = taken(email);
    expect(another).toBe(undefined);
    expect(mail?.from).toBe('desk@corp.example');
    expect(mail?.message).toContain(`Subject: [${number}] Printer`);
    expect(mail?.message).toContain('Turn it <off>\nand on');
    expect(mail?.message).toContain('<p>Turn it &lt;off&gt;<br>and on</p>');
    expect(mail?.message).not.toContain('Only for us');
    expect((await notes(number)).map((note: { mail: unknown }) => note.mail)).toEqual([
      null,
      { state: 'sent', problem: '' },
    ]);
  });

  test('says why it was not sent, to the desk alone; what customers write goes to nobody', async () => {
    const customer = await host.desk.person('customer');
    const one = await host.desk.makeCase({ subject: 'Mine', requester: customer.email });
    await ok(customer.post(`/api/cases/${one.number}/notes`, { text: 'Hello?' }));
    server.refuse('recipient', 550);
    await ok(host.technician.post(`/api/cases/${one.number}/notes`, { text: 'Hello', visibility: 'public' }));
    await until(async () => (await notes(one.number))[1].mail?.state === 'failed');
    server.refuse('recipient', null);
    expect((await notes(one.number))[1].mail.problem).toContain('does not take mail for this address');
    expect((await notes(one.number, customer)).map((note: { mail: unknown }) => note.mail)).toEqual([null, null]);
    expect(taken(customer.email)).toEqual([]);
  });
});

describe('the mail with a session key', () => {
  test('is in the words of the template, escaped, and goes once', async () => {
    await setUp();
    const { number, email } = await makeCase('<b>Bold</b> & more');
    await connection({
      mailSubject: '[{{ ticket.number }}] Key',
      mailTemplate: 'Dear {{ customer.name }}, about {{ ticket.subject }}:\n{{ session.url }} or {{ session.key }}',
    });
    expect((await ok(host.technician.get(ticket(number)))).body.sendsBy).toBe('desk');
    const { key, url, mail } = (await ok(host.technician.post(`${ticket(number)}/key`, {}))).body;
    expect(mail).toEqual({
      ...{ subject: `[${number}] Key`, problem: null },
      body: expect.stringMatching(/^Dear Customer \d+, about <b>Bold<\/b> & more:\n/),
    });
    expect(mail.body).toContain(`${url} or ${key}`);
    const sent = await ok(host.technician.post(`${ticket(number)}/send`, { subject: mail.subject, body: mail.body }));
    expect(sent.body).toEqual({ by: 'desk', mailId: null });
    await until(() => taken(email).length > 0);
    await until(async () => (await notes(number))[0].mail?.state === 'sent');
    expect((await notes(number))[0].html).toContain('&lt;b&gt;Bold&lt;/b&gt;');
    expect(taken(email)).toHaveLength(1);
    expect(taken(email)[0]?.message).toContain(key);
  });

  test('is in the usual words where the template breaks, which is said; a preview says so before', async () => {
    const { number } = await makeCase('Broken');
    const refused = await host.desk.operator.ask('PATCH', `/api/connections/${host.connectionId}`, {
      body: { mailTemplate: '{% if %}' },
    });
    expect([refused.status, refused.body.errors[0].field]).toEqual([400, 'mailTemplate']);
    const endless = '{% for i in (1..100000) %}{% for j in (1..100000) %}{{ i }}{% endfor %}{% endfor %}';
    for (const mailTemplate of [endless, "{% include '/etc/passwd' %}", '{{ nothing.at.all }}']) {
      await connection({ mailTemplate });
      const { mail } = await host
        .key(number)
        .then(() => ok(host.technician.post(`${ticket(number)}/key`, {})))
        .then(({ body }) => body);
      expect(mail.problem).toContain('could not be used');
      expect(mail.body).toContain('Open this address to begin');
      const preview = await ok(manager.post('/api/mail-templates/preview', { mailSubject: '', mailTemplate }));
      expect(preview.body.problem).toContain('could not be used');
      await sql`delete from ticket_keys`.execute(host.desk.database.owner);
    }
    const preview = await ok(
      manager.post('/api/mail-templates/preview', { mailSubject: 'For {{ customer.name }}', mailTemplate: '' }),
    );
    expect(preview.body).toMatchObject({ subject: 'For Carol', problem: null });
    await connection({ mailSubject: '', mailTemplate: '' });
  });
});

describe('the mail with a session key of a desk that sends none itself', () => {
  test('goes by the mail of this program to whoever asked, and nobody else can be named', async () => {
    const issue = {
      ...{ id: 12, project: { id: 1, name: 'IT' }, status: { id: 1, name: 'New' }, author: { id: 5, name: 'Carol' } },
      ...{ subject: 'Printer', custom_fields: [], updated_on: '2026-01-01T00:00:00Z' },
    };
    const asker = { id: 5, login: 'carol', firstname: 'Carol', lastname: 'Doe', mail: 'carol@redmine.example' };
    const redmine = await startServer({
      '/users/current.json': reply.json({ user: { id: 1, login: 'sessions' } }),
      '/issues/12.json': reply.json({ issue }),
      '/users/5.json': reply.json({ user: asker }),
    });
    try {
      await ok(manager.ask('DELETE', '/api/mail'));
      const { body } = await ok(
        manager.post('/api/connections', {
          ...{ name: 'Redmine', desk: 'redmine', siteId: host.siteId, senders: ['10.0.0.0/8'] },
          ...{ assignment: { to: 'general' }, mailTemplate: 'Open {{ session.url }}, {{ customer.name }}' },
          settings: { url: redmine.origin, apiKey: 'a-key', project: 'it', fields: { sessionIds: 'Session IDs' } },
        }),
      );
      const one = `/api/connections/${body.connectionId}/tickets/12`;
      const made = (await ok(host.technician.post(`${one}/key`, {}))).body;
      const words = { subject: 'Your key\r\nBcc: all@corp.example', body: made.mail.body };
      expect((await ok(host.technician.get(one))).body.sendsBy).toBe(null);
      const refused = await host.technician.post(`${one}/send`, words);
      expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('no mail server')]);
      await setUp();
      expect((await ok(host.technician.get(one))).body).toMatchObject({
        ...{ sendsBy: 'mail', requesterEmail: asker.mail },
      });
      expect((await host.technician.post(`${one}/send`, { ...words, to: 'me@corp.example' })).status).toBe(400);
      const sent = (await ok(host.technician.post(`${one}/send`, words))).body;
      expect(sent.by).toBe('mail');
      await until(() => taken(asker.mail).length > 0);
      const [mail, another] = taken(asker.mail);
      expect([mail?.to, another]).toEqual([[asker.mail], undefined]);
      expect(mail?.message).toContain('Subject: Your key Bcc: all@corp.example\n');
      expect(mail?.message).toContain(`Open ${made.url}, Carol`);
      const listed = (await ok(manager.get('/api/mails'))).body.items[0];
      expect(listed).toMatchObject({ mailId: sent.mailId, kind: 'session-key', about: '12', recipients: [asker.mail] });
      await ok(manager.ask('DELETE', `/api/connections/${body.connectionId}`));
    } finally {
      await redmine.close();
    }
  });
});

describe('what was said', () => {
  const talk = async (number: string) => {
    const { site } = host;
    const { key } = await host.key(number);
    const { lsid } = await site.redeem(key);
    await ok(site.anna.post(`/api/support/sessions/${lsid}/join`, {}));
    const program = await site.program({ perm_command: 'full_access' });
    await ok(program.ask('POST', `/api/command/v2/session/${lsid}/chat`, { body: { body: 'Good <morning>' } }));
    await ok(site.anna.post(`/api/support/sessions/${lsid}/notes`, { text: 'A secret note' }));
    await ok(site.anna.post(`/api/support/sessions/${lsid}/end`, {}));
    await until(async () => (await host.notes(number)).length > 0);
    return lsid;
  };

  test('goes to the customer only where an administrator lets it, once, without notes', async () => {
    await setUp();
    const silent = await makeCase('Silent');
    await talk(silent.number);
    expect(taken(silent.email)).toEqual([]);
    await connection({ transcripts: true });
    const { number, email } = await makeCase('Loud');
    const lsid = await talk(number);
    await until(() => taken(email).length > 0);
    await ok(host.desk.operator.post(`/api/support-sessions/${host.connectionId}/${lsid}/replay`, {}));
    const detail = async () =>
      (await ok(host.technician.get(`/api/support-sessions/${host.connectionId}/${lsid}`))).body;
    await until(async () => (await detail()).dueAt > new Date().toISOString());
    expect(taken(email)).toHaveLength(1);
    expect(taken(email)[0]?.message).toContain('Good <morning>');
    expect(taken(email)[0]?.message).not.toContain('A secret note');
    await connection({ transcripts: false });
  });

  test('holds nothing that representatives said among themselves, and no markup of anybody', () => {
    const line = { at: '2026-01-01T00:00:00.000Z', type: 'Chat Message', by: 'Ann', data: [], file: null };
    const report = SessionReport.parse({
      ...{ lsid: 'a', externalKey: '', beganAt: null, endedAt: null, customers: [], representatives: [], system: [] },
      ...{ surveys: [], downloads: { chat: null, recordings: [] } },
      events: [
        { ...line, body: '<img src=x onerror=alert(1)>', isPrivate: false },
        { ...line, body: 'He has no idea', isPrivate: true },
      ],
    });
    expect(toTranscript(report, { isForCustomer: false }).lines).toHaveLength(2);
    const html = transcriptHtml(toTranscript(report, { isForCustomer: true }));
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(html).not.toMatch(/no idea|<img/);
  });
});

test('only managers enter a mail server and see where mail went', async () => {
  const routes = [
    ['GET', '/api/mail'],
    ['PUT', '/api/mail'],
    ['DELETE', '/api/mail'],
    ['POST', '/api/mail/test'],
    ['GET', '/api/mails'],
    ['POST', '/api/mails/0198c7a0-0000-7000-8000-000000000000/retry'],
  ] as const;
  for (const [method, path] of routes) {
    const body = method === 'PUT' || method === 'POST' ? { body: {} } : {};
    expect([path, (await host.technician.ask(method, path, body)).status]).toEqual([path, 403]);
  }
  const tested = await ok(manager.post('/api/mail/test', { to: 'me@corp.example' }));
  expect(tested.body.ok).toBe(true);
});
