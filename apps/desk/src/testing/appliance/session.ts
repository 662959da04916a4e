import { createHash } from 'node:crypto';
import { type Element, element } from './dialect.ts';

/** A support session as such an appliance keeps it. */
export interface ForeignSession {
  readonly lsid: string;
  externalKey: string;
  readonly beganAt: Date;
  endedAt: Date | null;
  readonly customer: string;
  readonly representative: string;
  readonly said: { readonly by: 'customer' | 'representative'; readonly text: string }[];
  readonly notes: string[];
  readonly files: { readonly name: string; readonly bytes: number }[];
  readonly system: { readonly category: string; readonly rows: readonly (readonly [string, string])[] }[];
  readonly surveys: {
    readonly by: 'cust' | 'rep';
    readonly label: string;
    readonly answer: string;
    readonly at?: Date;
  }[];
  /** A report of it is there only later than its events. */
  isReported: boolean;
}

export const newLsid = (number: number): string => createHash('md5').update(`session ${number}`).digest('hex');

const stamp = (name: string, at: Date | null): Element =>
  at === null
    ? element(name)
    : element(name, at.toISOString().replace(/\.\d+Z$/, '+00:00'), { timestamp: Math.floor(at.getTime() / 1_000) });

/** Of `SupportSession`, in the order of a real answer. A list of one has no list around it that would tell it from none. */
export const sessionElement = (session: ForeignSession, origin: string, capitals: boolean): Element => {
  const { beganAt, endedAt, externalKey, customer, representative } = session;
  const lsid = capitals ? session.lsid.toUpperCase() : session.lsid;
  const link = (action: string) =>
    `${origin}/session_download?lsid=l%3D${lsid}%3Bh%3D${'0f'.repeat(20)}&dl_action=${action}`;
  const seconds = Math.round(((endedAt ?? beganAt).getTime() - beganAt.getTime()) / 1_000);
  const at = { timestamp: Math.floor(beganAt.getTime() / 1_000) };
  const by = (who: 'customer' | 'representative') =>
    element('performed_by', '', { type: who, gsnumber: who === 'customer' ? 22 : 21 });
  const event = (type: string, children: readonly Element[] | '' = '') =>
    element('event', children, { ...at, event_type: type });
  return element(
    'session',
    [
      element('session_type', 'support'),
      element('lseq', 8),
      stamp('start_time', beganAt),
      stamp('end_time', endedAt),
      element('duration', new Date(seconds * 1_000).toISOString().slice(11, 19)),
      element('public_site', 'Default', { id: 1 }),
      element('external_key', externalKey),
      element('custom_attributes'),
      element('session_chat_view_url', `${link('chat')}&view=1`),
      element('session_chat_download_url', link('chat')),
      element('session_recording_download_url', link('session')),
      element('file_transfer_count', session.files.length),
      element('primary_customer', customer, { gsnumber: 22 }),
      element('primary_rep', representative, { gsnumber: 21, id: 1 }),
      element('customer_list', [
        element(
          'customer',
          [
            element('username', customer),
            element('public_ip', '[2001:db8::1]:56722'),
            element('private_ip', 'Unknown'),
            element('hostname', 'PC-7'),
            element('os', 'Windows 11'),
            element('primary_cust', 1),
            element('info', [element('name', customer), element('company', 'Acme'), element('issue', 'It beeps')]),
          ],
          { gsnumber: 22 },
        ),
      ]),
      element('rep_list', [
        element(
          'representative',
          [
            element('username', 'sarcher'),
            element('display_name', representative),
            element('public_ip', '203.0.113.19:61606'),
            element('private_ip', 'Unknown'),
            element('os', 'Linux'),
            element('session_owner', 1),
            element('seconds_involved', seconds),
          ],
          { gsnumber: 21, id: 1 },
        ),
      ]),
      element('session_details', [
        event('Session Start'),
        event('Conference Owner Changed', [
          element('destination', 'Pre-start Conference', { type: 'system', gsnumber: 0 }),
          element('data', [element('value', '', { name: 'owner', value: 'Pre-start Conference' })]),
        ]),
        ...session.said.map(({ by: who, text }) => event('Chat Message', [by(who), element('body', text)])),
        ...session.notes.map((text) => event('Session Note Added', [by('representative'), element('body', text)])),
        ...session.files.map(({ name, bytes }) =>
          event('File Upload', [by('representative'), element('filename', name), element('filesize', bytes)]),
        ),
        ...session.system.map(({ category, rows }) =>
          event('System Information Retrieved', [
            element('system_information', [
              element(
                'category',
                [
                  element(
                    'description',
                    rows.map(([name]) => element('field', '', { name })),
                  ),
                  element('data', [
                    element(
                      'row',
                      rows.map(([, value]) => element('field', value)),
                    ),
                  ]),
                ],
                { name: category },
              ),
            ]),
          ]),
        ),
        ...(endedAt === null ? [] : [event('Session End')]),
      ]),
      ...(['cust', 'rep'] as const).flatMap((who) => {
        const given = session.surveys.filter((one) => one.by === who);
        return given.length === 0
          ? []
          : [
              element(
                `${who}_survey_list`,
                given.map((one) => surveyElement(one, lsid)),
              ),
            ];
      }),
    ],
    { lsid },
  );
};

/** `name`: as its list calls it. */
export const surveyElement = (
  { by, label, answer, at }: ForeignSession['surveys'][number],
  lsid: string,
  name = `${by}_exit_survey`,
): Element =>
  element(
    name,
    [
      element('submitted_by', '', {
        type: by === 'cust' ? 'customer' : 'representative',
        gsnumber: by === 'cust' ? 22 : 21,
      }),
      element('question_list', [
        element(
          'question',
          [
            element('name', 'rating'),
            element('label', label),
            element('type', 'radio'),
            element('answer_list', [element('answer', answer)]),
          ],
          { id: 1 },
        ),
      ]),
    ],
    { lsid, ...(at !== undefined && { ts: Math.floor(at.getTime() / 1_000) }) },
  );
