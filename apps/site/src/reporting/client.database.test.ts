import { createHost } from '@gatehouse/host';
import { Secret } from '@gatehouse/kernel';
import { openSend, reporting } from '@gatehouse/remote-access/reporting';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openReportDesk, type ReportDesk } from './testing/report-desk.ts';

let desk: ReportDesk;
let api: ReturnType<typeof reporting>;
const open = (clientId: string, secret: string) =>
  openSend(createHost({ signal: new AbortController().signal }), {
    ...{ origin: desk.url, clientId, clientSecret: new Secret(secret) },
  });
beforeAll(async () => {
  desk = await openReportDesk();
  const { clientId, secret } = await desk.account({ perm_reporting_support: true });
  const send = open(clientId, secret);
  api = reporting((request) => {
    // Below twenty requests a second of the site's clock.
    desk.clock.move(100);
    return send(request);
  });
});
afterAll(() => desk?.close());

test('our own client reads a session as the site means it', async () => {
  const words = '<b>]]> "two"\nlines & more';
  // XML has no way to say this.
  const unheld = 'Ä \u0001\ufffe 😀\r\n';
  const lsid = await desk.session('Carol <&>');
  const file = await desk.blob(lsid, 'file', ['abc']);
  const row = [
    { name: 'Drive', value: 'C:' },
    { name: 'Free', value: words },
  ];
  await desk.add(
    lsid,
    { type: 'chat_message', performedBy: 1, body: { text: words } },
    { type: 'chat_message', performedBy: 1, body: { text: unheld } },
    { type: 'note_added', performedBy: 2, body: { text: 'first' } },
    { type: 'note_added', performedBy: 2, body: { text: 'second' } },
    { type: 'file_sent', performedBy: 1, body: { file, name: words, size: 3 } },
    { type: 'attributes_set', performedBy: null, body: { attributes: { external_key: words } } },
    { type: 'system_information', performedBy: 1, body: { categories: [{ name: 'Disks', rows: [row] }] } },
  );
  await desk.end(lsid);
  const answers = [
    { name: 'rating', label: 'How?', type: 'radio', value: '5' },
    { name: 'comments', value: '' },
  ];
  await desk.add(lsid, { type: 'survey_completed', performedBy: 1, body: { kind: 'customer', answers } });
  const [session, ...rest] = await api.supportSessions({ lsids: [lsid] });
  expect(rest).toEqual([]);
  expect(session).toMatchObject({
    ...{ lsid, type: 'support', fileTransfers: 1, startedAt: expect.any(Date), endedAt: expect.any(Date) },
    customers: [{ gsnumber: 1, name: 'Carol <&>', company: 'Acme', isPrimary: true }],
    representatives: [{ gsnumber: 2, id: desk.anna.userId, name: 'Anna & <Co>', isPrimary: true }],
    surveys: [
      {
        ...{ lsid, kind: 'customer', by: { gsnumber: 1 } },
        questions: [
          { name: 'rating', answers: ['5'] },
          { name: 'comments', answers: [] },
        ],
      },
    ],
  });
  const of = (type: string) => session?.events.filter((event) => event.type === type) ?? [];
  expect(of('Chat Message').map(({ body, performedBy }) => [body, performedBy?.type])).toEqual([
    [words, 'customer'],
    [unheld, 'customer'],
  ]);
  expect(of('Session Note Added').map(({ body }) => body)).toEqual(['first', 'second']);
  expect(of('Session Attribute Changed')[0]?.data).toEqual([{ name: 'external_key', value: words }]);
  expect(of('System Information Retrieved')[0]?.system).toEqual([{ name: 'Disks', rows: [row] }]);
  expect(session?.files).toMatchObject([{ name: words, size: 3, type: 'File Upload' }]);
  expect(await (await fetch(session?.files[0]?.url ?? '')).text()).toBe('abc');
  expect(await (await fetch(session?.urls.chat ?? '')).text()).toContain('lines & more');
  const surveys = await api.customerSurveys({ lsids: [lsid] });
  expect(surveys).toEqual(session?.surveys);
  expect(await api.listSupportSessions({ lsids: [lsid] })).toEqual([{ lsid, hasRecording: false, externalKey: '' }]);
});

test('what there is nothing of is an empty list, and a wrong secret is told with the word of the site', async () => {
  const far = { by: 'end', from: new Date('2100-01-01'), seconds: 60 } as const;
  expect(await api.supportSessions(far)).toEqual([]);
  expect(await api.accessSessions(far)).toEqual([]);
  expect(await api.representativeSurveys({ ...far, by: 'start' })).toEqual([]);
  const { clientId } = await desk.account({ perm_reporting_support: true });
  await expect(reporting(open(clientId, 'x'.repeat(44))).supportSessions(far)).rejects.toMatchObject({
    ...{ kind: 'unauthorized', detail: expect.stringContaining('invalid_client') },
  });
  const denied = await desk.account({ perm_command: 'full_access' });
  await expect(reporting(open(denied.clientId, denied.secret)).supportSessions(far)).rejects.toMatchObject({
    kind: 'forbidden',
  });
});
