import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHost } from '@gatehouse/host';
import { Fault, Secret } from '@gatehouse/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSend } from '../wire/send.ts';
import { reporting } from './reports.ts';

/** A site that answers what a test says. */
let answer: (form: URLSearchParams) => string = () => '';
let asked: URLSearchParams[] = [];
let tokens = 0;
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  if (request.url === '/oauth2/token') {
    tokens += 1;
    response.end(JSON.stringify({ access_token: `token-${tokens}`, token_type: 'Bearer', expires_in: 3_600 }));
    return;
  }
  const form = new URLSearchParams(body);
  asked.push(form);
  response.writeHead(200, { 'content-type': 'text/xml; charset=UTF-8' }).end(answer(form));
});
let api: ReturnType<typeof reporting>;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const host = createHost({ signal: new AbortController().signal, attempts: 1 });
  api = reporting(openSend(host, { origin, clientId: 'a'.repeat(40), clientSecret: new Secret('planted-secret-77') }));
});
afterAll(() => server.close());

const lsid = 'ab'.repeat(16);
const said = (xml: string, namespace = 'http://www.beyondtrust.com/sra/namespaces/API/reporting') => {
  asked = [];
  answer = () => `<?xml version="1.0" encoding="UTF-8"?>\n\n${xml.replace(/^<([\w:]+)/, `<$1 xmlns="${namespace}"`)}`;
};
const one = async (inner: string) => {
  said(`<session_list><session lsid="${lsid.toUpperCase()}">${inner}</session></session_list>`);
  const [session] = await api.supportSessions({ lsids: [lsid] });
  if (session === undefined) throw new Error('there is no session');
  return session;
};
const now = { by: 'start', from: new Date(1_733_239_565_999) } as const;

describe('sessions', () => {
  test.each([
    ['that of the documentation', 'https://www.beyondtrust.com/namespaces/API/reporting'],
    ['that of 2019', 'http://www.bomgar.com/namespaces/API/reporting'],
    ['none that is known', 'urn:x'],
  ])('are read in any namespace: %s', async (_what, namespace) => {
    said(`<session_list><session lsid="${lsid}"><lseq>8</lseq></session></session_list>`, namespace);
    expect(await api.supportSessions(now)).toMatchObject([{ lsid, number: 8 }]);
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({
      ...{ generate_report: 'SupportSession', start_time: '1733239565', duration: '0' },
    });
    answer = () =>
      `<r:session_list xmlns:r="${namespace}"><r:session lsid="${lsid}"><r:lseq>9</r:lseq></r:session></r:session_list>`;
    expect(await api.accessSessions({ ...now, by: 'end', seconds: 60 })).toMatchObject([{ number: 9 }]);
  });

  test('have times by their attribute, whatever the words say, and no end while they go on', async () => {
    const session = await one(
      '<start_time timestamp="1733239565">2024-12-03T10:26:05-05:00</start_time><end_time></end_time>',
    );
    expect([session.startedAt, session.endedAt]).toEqual([new Date(1_733_239_565_000), null]);
    // Words with a zone are as good; without one nobody knows.
    expect((await one('<start_time>2024-12-03T15:26:05+00:00</start_time>')).startedAt).toEqual(
      new Date(1_733_239_565_000),
    );
    expect((await one('<start_time>2024-12-03 15:26:05</start_time>')).startedAt).toBeNull();
  });

  test('have no time where what is said is none', async () => {
    const { startedAt, endedAt } = await one(
      '<start_time timestamp="999999999999999">x</start_time><end_time>99:99+00:00</end_time>',
    );
    expect([startedAt, endedAt]).toEqual([null, null]);
  });

  test('have lists of one, of many and of none, and what is not known is not looked at', async () => {
    const customer = (n: number) =>
      `<customer gsnumber="${n}"><username>C${n}</username><new_thing><x/></new_thing></customer>`;
    for (const count of [0, 1, 3]) {
      const inner = Array.from({ length: count }, (_, at) => customer(at + 1)).join('');
      expect((await one(`<customer_list>${inner}</customer_list>`)).customers).toHaveLength(count);
    }
    const empty = await one('');
    expect(empty).toMatchObject({
      ...{ customers: [], representatives: [], events: [], files: [], surveys: [], externalKey: '', fileTransfers: 0 },
      ...{ number: null, startedAt: null, urls: { chat: null, recording: null, shells: [] } },
    });
  });

  test('have everybody, and whoever is the primary one by an element or by a number', async () => {
    const session = await one(`
      <primary_rep gsnumber="3" id="7">Ben</primary_rep>
      <customer_list><customer gsnumber="1"><username>Carol</username><os>Windows</os><hostname>pc1</hostname>
        <public_ip>192.0.2.9:0</public_ip><primary_cust>1</primary_cust>
        <info><name>Carol &lt;C&gt;</name><company>Acme</company><issue>It beeps</issue></info></customer></customer_list>
      <rep_list><representative gsnumber="2" id="5"><username>anna</username><display_name>Anna</display_name></representative>
        <representative gsnumber="3" id="7"><username>ben</username><public_display_name>Ben</public_display_name>
        <seconds_involved>901</seconds_involved></representative></rep_list>`);
    expect(session.customers).toMatchObject([
      { gsnumber: 1, name: 'Carol <C>', company: 'Acme', issue: 'It beeps', hostname: 'pc1', isPrimary: true },
    ]);
    expect(session.representatives).toMatchObject([
      { gsnumber: 2, id: 5, name: 'Anna', isPrimary: false, secondsInvolved: 0 },
      { gsnumber: 3, id: 7, name: 'Ben', isPrimary: true, secondsInvolved: 901 },
    ]);
  });

  test('have events in their order, two of one second too, and files with their links', async () => {
    const { events, files } = await one(`<session_details>
      <event timestamp="5" event_type="Chat Message"><performed_by type="customer" gsnumber="1">C</performed_by><body>  a &amp; b\n</body></event>
      <event timestamp="5" event_type="Session Note Added"><body/></event>
      <event event_type="File Upload"><filename>a&lt;b&gt;</filename><filesize>x</filesize><data><value name="download_url" value="https://s/x?a=1&amp;b=2"/></data></event>
      <event timestamp="6" event_type="Conference Owner Changed"><destination type="system" gsnumber="0">Q</destination><data><value name="owner" value="Q"/></data></event>
    </session_details>`);
    expect(events.map(({ type, at }) => [type, at?.getTime() ?? null])).toEqual([
      ...[['Chat Message', 5_000] as const, ['Session Note Added', 5_000] as const, ['File Upload', null] as const],
      ['Conference Owner Changed', 6_000],
    ]);
    expect(events[0]).toMatchObject({ performedBy: { type: 'customer', gsnumber: 1, name: 'C' }, body: '  a & b\n' });
    expect(events[3]).toMatchObject({
      destination: { type: 'system', gsnumber: 0 },
      data: [{ name: 'owner', value: 'Q' }],
    });
    expect(files).toEqual([{ name: 'a<b>', size: null, url: 'https://s/x?a=1&b=2', type: 'File Upload', at: null }]);
  });

  test('have system information by its columns, however incomplete', async () => {
    const { events } = await one(`<session_details><event event_type="System Information"><system_information>
      <category name="Disks"><description><field name="Drive"/><field name="Free"/></description>
        <data><row><field>C:</field><field>5</field></row><row><field>D:</field></row></data></category>
      <category><data><row><field>lost</field></row></data></category>
      <category name="Nothing"/>
    </system_information></event><event event_type="System Information"><system_information/></event></session_details>`);
    expect(events[0]?.system).toEqual([
      {
        name: 'Disks',
        rows: [
          [
            { name: 'Drive', value: 'C:' },
            { name: 'Free', value: '5' },
          ],
          [{ name: 'Drive', value: 'D:' }],
        ],
      },
      { name: '', rows: [[{ name: '', value: 'lost' }]] },
      { name: 'Nothing', rows: [] },
    ]);
    expect(events[1]?.system).toEqual([]);
  });

  test('that are many are asked for in parts', async () => {
    said(`<session_summary_list><session_summary lsid="${lsid}" has_recording="1" /></session_summary_list>`);
    const lsids = Array.from({ length: 250 }, (_, at) => at.toString(16).padStart(32, '0'));
    const listed = await api.listSupportSessions({ lsids });
    expect(listed).toHaveLength(3);
    expect(listed[0]).toEqual({ lsid, hasRecording: true, externalKey: '' });
    expect(asked.flatMap((form) => form.get('lsids')?.split(',') ?? [])).toEqual(lsids);
  });
});

describe('surveys', () => {
  const survey = (of: string, inner: string) =>
    `<exit_survey lsid="${of}" ts="10"><submitted_by type="customer" gsnumber="1">C</submitted_by>${inner}</exit_survey>`;

  test('come with their answers and without, in a session and in a report of their own', async () => {
    const questions =
      '<question_list><question id="1"><type>radio</type><label>L</label><name>rating</name><answer_list><answer>5</answer></answer_list></question><question id="2"><name>comments</name></question></question_list>';
    said(`<exit_survey_list>${survey(lsid, questions)}${survey(lsid, '')}</exit_survey_list>`);
    const found = await api.customerSurveys({ lsids: [lsid] });
    expect(found).toMatchObject([
      {
        ...{ lsid, kind: 'customer', at: new Date(10_000), by: { name: 'C' } },
        questions: [
          { name: 'rating', label: 'L', type: 'radio', answers: ['5'] },
          { name: 'comments', answers: [] },
        ],
      },
      { questions: [] },
    ]);
    expect(asked[0]?.get('report_type')).toBe('rep');
    const { surveys } = await one(
      `<rep_survey_list><rep_exit_survey ts="9">${questions}</rep_exit_survey></rep_survey_list>`,
    );
    expect(surveys).toMatchObject([{ lsid, kind: 'representative', by: null, questions: [{ name: 'rating' }, {}] }]);
  });

  test('of another session, or of none, are never taken for those of the one that was asked for', async () => {
    said(
      `<exit_survey_list>${survey('cd'.repeat(16), '')}${survey('', '')}${survey(lsid.toUpperCase(), '')}</exit_survey_list>`,
    );
    expect((await api.representativeSurveys({ lsids: [lsid] })).map((found) => found.lsid)).toEqual([lsid]);
    expect(await api.representativeSurveys(now)).toHaveLength(2);
  });
});

describe('errors', () => {
  test.each(['Support', 'Access'])('nothing is an empty list and no fault: %s', async (product) => {
    const words = `No ${product} report information matching your chosen criteria is available.`;
    for (const xml of [`<error>${words}</error>`, `<session_list><error>\n${words}</error></session_list>`]) {
      said(xml);
      expect(await api.supportSessions(now)).toEqual([]);
      expect(await api.listAccessSessions(now)).toEqual([]);
      expect(await api.customerSurveys(now)).toEqual([]);
    }
  });

  test('anything else that a site refuses is a fault with its words', async () => {
    said('<error>start_time: Enter &lt;seconds&gt;.</error>');
    await expect(api.supportSessions(now)).rejects.toMatchObject({
      kind: 'misconfigured',
      advice: 'The site refused: start_time: Enter <seconds>.',
    });
  });

  test.each([
    ['another root', '<team_activity_list/>'],
    ['a report that breaks off', `<session_list><session lsid="${lsid}"><lseq>1`],
    ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]><session_list>&a;</session_list>'],
    ['no XML', 'PK\u0003\u0004'],
    ['nothing', ''],
  ])('%s is an unexpected fault', async (_what, text) => {
    answer = () => text;
    const fault = await api.supportSessions(now).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ kind: 'unexpected' });
  });
});
