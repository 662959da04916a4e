import { type Json, newId } from '@gatehouse/kernel';
import { ok } from '@gatehouse/server/testing';
import { startRecording } from '../../src/recordings/index.ts';
import type { ReportDesk } from '../../src/reporting/testing/report-desk.ts';
import { insertShell } from '../../src/support/machine.ts';

export interface FilledDesk {
  /** Every page of the administration of remote support, by what it is called. */
  readonly addresses: Readonly<Record<string, string>>;
  /** A session that is over, with everything in it. */
  readonly lsid: string;
}

/** A site that helped somebody, and tells a program that does not listen. */
export const fillDesk = async (desk: ReportDesk, receiver: string, video: Buffer): Promise<FilledDesk> => {
  const add = async (path: string, body: Json): Promise<number> => (await ok(desk.operator.post(path, body))).body.id;
  const events = ['support_conference_begin', 'support_conference_end'];
  const recipients = '/api/outbound-events/recipients';
  const recipient = await add(recipients, {
    ...{ name: 'Reports', url: `${receiver}?late`, allow_http: true, events, alert_emails: ['desk@acme.example'] },
  });
  const failing = await add(recipients, {
    ...{ name: 'Old desk', url: 'https://desk.invalid/events', events, alert_emails: ['desk@acme.example'] },
  });
  const lsid = await helped(desk, video);
  const user = await add('/api/users', { username: 'bea', public_display_name: 'Bea Lindqvist' });
  await add(`/api/teams/${desk.teams.printers}/users`, { user_id: user, role: 'lead' });
  const [issue] = (await ok(desk.operator.get('/api/support-issues'))).body.items;
  const message = await add('/api/canned-messages', { title: 'Greeting', message: 'Hello, how can I help?' });
  await desk.wait('team:2', 'Emil Holm');
  await desk.key({ externalKey: 'INC-12', queue: 'issue:paper_jam' });
  return {
    lsid,
    addresses: {
      information: '/login',
      'outbound events': '/login/outbound-events',
      'new recipient': '/login/outbound-events/new',
      recipient: `/login/outbound-events/${recipient}`,
      'failing recipient': `/login/outbound-events/${failing}`,
      deliveries: `/login/outbound-events/${failing}/deliveries`,
      mail: '/login/mail',
      'support sessions': '/login/support-sessions',
      'support session': `/login/support-sessions/${lsid}`,
      'support teams': '/login/support-teams',
      'support team': `/login/support-teams/${desk.teams.printers}`,
      issues: '/login/support-issues',
      issue: `/login/support-issues/${issue.id}`,
      'custom fields': '/login/custom-fields',
      'custom field': '/login/custom-fields/1',
      'canned messages': '/login/canned-messages',
      'canned message': `/login/canned-messages/${message}`,
      surveys: '/login/surveys',
      options: '/login/support-options',
      'session keys': '/login/session-keys',
    },
  };
};

/** Carol was helped with everything there is, and said how it went. */
const helped = async (desk: ReportDesk, video: Buffer): Promise<string> => {
  const lsid = await desk.session('Carol Jones');
  const file = await desk.blob(lsid, 'file', ['abc']);
  await desk.blob(lsid, 'screen', [video]);
  const say = (performedBy: number, text: string) => ({ type: 'chat_message', performedBy, body: { text } }) as const;
  await desk.add(
    lsid,
    {
      ...{ type: 'system_information', performedBy: 1 },
      body: {
        categories: [
          { name: 'Browser', fields: [{ name: 'Operating system', value: 'Windows 11' }], rows: [] },
          {
            ...{ name: 'Disks', fields: [] },
            rows: [
              [
                { name: 'Drive', value: 'C:' },
                { name: 'Free', value: '12 GiB' },
              ],
            ],
          },
        ],
      },
    },
    say(1, 'My printer beeps. <b>All the time.</b>'),
    say(2, 'Hello Carol, let us look at it together. '.repeat(6)),
    { type: 'note_added', performedBy: 2, body: { text: 'Third time this month.' } },
    { type: 'file_sent', performedBy: 1, body: { file, name: 'a "b" <c>.txt', size: 3 } },
    { type: 'screen_started', performedBy: 1, body: { recording: null, type: 'video/webm' } },
    { type: 'screen_stopped', performedBy: 1, body: { recording: null, type: 'video/webm' } },
  );
  const shell = newId<string>();
  await desk.change(({ tx, now }) =>
    insertShell(tx, { lsid, gsnumber: 2, kind: 'representative', name: 'Anna' }, shell, now),
  );
  const parts = { database: desk.database, clock: desk.clock, sealer: desk.site.server.sealer };
  const writer = await startRecording(parts, { sessionId: shell, format: 'asciicast', flushMs: 10 }, () => undefined);
  await writer.write('{"version":2,"width":40,"height":5}\n[0.1,"o","systemctl status cups"]\n');
  await writer.end();
  await desk.add(lsid, { type: 'shell_opened', performedBy: 2, body: { shell } });
  const attributes = { external_key: 'INC-7', asset: 'Laptop 12' };
  await ok(desk.anna.ask('PATCH', `/api/support/sessions/${lsid}/attributes`, { body: { attributes } }));
  await desk.end(lsid);
  await desk.add(lsid, {
    ...{ type: 'survey_completed', performedBy: 1 },
    body: {
      kind: 'customer',
      answers: [
        { name: 'rating', label: 'How did it go?', type: 'rating', value: '5' },
        { name: 'comments', label: 'Anything you want to tell us?', type: 'text', value: 'Thank you!' },
      ],
    },
  });
  return lsid;
};
