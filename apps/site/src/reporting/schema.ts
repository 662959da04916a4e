import { attribute, type Element, marked, textElement as text, tree } from '../xml-api/index.ts';

const int = 'xs:int';
const number = 'xs:long';
const gsnumber = attribute('gsnumber', int);
const id = attribute('id', int);
const timestamp = attribute('timestamp', number);

const data = tree('data', [tree('value', [], [attribute('name'), attribute('value')], 'many')], [], 'maybe');
const actor = (name: string) => marked(name, 'xs:string', [attribute('type'), gsnumber], 'maybe');

const question = tree(
  'question',
  [
    ...[text('type'), text('label'), text('name'), text('report_header')],
    tree('answer_list', [text('answer', 'xs:string', 'many')]),
  ],
  [id],
  'many',
);
const primaryCustomer = marked('primary_customer', 'xs:string', [gsnumber], 'maybe');
const primaryRep = marked('primary_rep', 'xs:string', [gsnumber, id], 'maybe');
const primary = [primaryCustomer, primaryRep];
const survey = (name: string) =>
  tree(
    name,
    [marked('submitted_by', 'xs:string', [attribute('type'), gsnumber]), ...primary, tree('question_list', [question])],
    [attribute('lsid'), attribute('ts', number)],
    'many',
  );

const category = tree(
  'category',
  [
    tree('description', [tree('field', [], [attribute('id'), attribute('name')], 'many')]),
    tree('data', [tree('row', [marked('field', 'xs:string', [attribute('id')], 'many')], [], 'many')]),
  ],
  [attribute('name')],
  'many',
);

const event = tree(
  'event',
  [
    ...[actor('performed_by'), actor('destination'), text('body', 'xs:string', 'maybe')],
    // In its place, where it has what XML cannot hold.
    text('encoded_body', 'xs:base64Binary', 'maybe'),
    ...[text('filename', 'xs:string', 'maybe'), text('filesize', number, 'maybe'), data],
    tree('system_information', [category], [], 'maybe'),
  ],
  [timestamp, attribute('event_type')],
  'many',
);

const customer = tree(
  'customer',
  [
    ...[text('username'), text('public_ip'), text('private_ip'), text('hostname'), text('os')],
    text('primary_cust', int, 'maybe'),
    tree('info', [text('name'), text('company'), text('issue')], [], 'maybe'),
  ],
  [gsnumber],
  'many',
);

const representative = tree(
  'representative',
  [
    ...[text('username'), text('display_name'), text('public_display_name'), text('private_display_name')],
    ...[text('public_ip'), text('private_ip'), text('hostname'), text('os')],
    ...[text('primary_rep', int, 'maybe'), text('session_owner', int), text('seconds_involved', number)],
  ],
  [gsnumber, id],
  'many',
);

const session = tree(
  'session',
  [
    ...[text('session_type'), text('lseq', number), marked('start_time', 'xs:string', [timestamp])],
    // Empty, and without its attribute, while the session goes on.
    marked('end_time', 'xs:string', [attribute('timestamp', number, 'optional')]),
    ...[text('duration'), text('external_key')],
    tree('custom_attributes', [
      marked('custom_attribute', 'xs:string', [attribute('display_name'), attribute('code_name')], 'many'),
    ]),
    marked('public_site', 'xs:string', [id], 'maybe'),
    ...['session_chat_view_url', 'session_chat_download_url', 'session_recording_download_url'].map((name) =>
      text(name, 'xs:anyURI', 'maybe'),
    ),
    tree(
      'command_shell_recordings',
      [tree('command_shell_recording', [text('download_url', 'xs:anyURI')], [attribute('instance', int)], 'many')],
      [],
      'maybe',
    ),
    ...[text('file_transfer_count', int), text('file_move_count', int), text('file_delete_count', int)],
    ...[marked('jumpoint', 'xs:string', [id], 'maybe'), primaryCustomer],
    ...[marked('jump_group', 'xs:string', [attribute('type'), id], 'maybe'), primaryRep],
    ...[tree('customer_list', [customer]), tree('rep_list', [representative])],
    tree('cust_survey_list', [survey('cust_exit_survey')], [], 'maybe'),
    tree('rep_survey_list', [survey('rep_exit_survey')], [], 'maybe'),
    tree('session_details', [event]),
  ],
  [attribute('lsid')],
  'many',
);

const teamEvent = tree(
  'event',
  [marked('performed_by', 'xs:string', [attribute('type')]), data],
  [timestamp, attribute('event_type')],
  'many',
);

/** The roots of every report that is XML. */
export const roots: readonly Element[] = [
  text('error'),
  tree('session_list', [session]),
  tree('session_summary_list', [
    tree(
      'session_summary',
      [],
      [attribute('lsid'), attribute('has_recording', int), attribute('external_key')],
      'many',
    ),
  ]),
  tree('summary_list', [
    tree(
      'summary',
      [
        ...[text('username'), text('display_name'), text('session_count', int), text('seconds_involved', number)],
        text('average_seconds', number),
      ],
      [id],
      'many',
    ),
  ]),
  tree('exit_survey_list', [survey('exit_survey')]),
  tree('team_activity_list', [tree('team_activity', [tree('events', [teamEvent])], [id, attribute('name')], 'many')]),
  tree('vault_account_activity_list', [
    tree(
      'vault_account_activity',
      [marked('performed_by', 'xs:string', [id, attribute('type')]), text('data')],
      [timestamp, attribute('account', int), attribute('account_name'), attribute('event_type')],
      'many',
    ),
  ]),
];
