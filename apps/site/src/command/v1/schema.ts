import { attribute, type Element, marked, often, textElement as text, tree, xs } from '../../xml-api/index.ts';

const time = marked('connected_since', 'xs:string', [attribute('ts', 'xs:long')]);
const client = (name: string) =>
  tree(
    name,
    [
      text('hostname'),
      marked('platform', 'xs:string', [attribute('id')]),
      text('timezone_offset', 'xs:int'),
      time,
      tree(
        'client_connections',
        [tree('client_connection', [], [attribute('address'), attribute('since')], 'many')],
        [],
        'maybe',
      ),
    ],
    [attribute('id')],
  );

/** The roots of every answer of the Command API in XML. */
export const schema: readonly Element[] = [
  text('error'),
  text('success'),
  tree('api_information', [
    text('api_version'),
    text('company_name', 'xs:string', 'maybe'),
    text('timestamp', 'xs:long'),
    tree('permissions', [marked('permission', 'xs:string', [attribute('name')], 'many')]),
  ]),
  tree('health_check', [
    marked('appliance', 'xs:string', [attribute('id')]),
    text('version'),
    text('success', 'xs:int'),
    text('error_message', 'xs:string', 'maybe'),
    text('failover_role'),
  ]),
  tree('appliances', [
    tree(
      'appliance',
      [
        ...[text('name'), text('public_hostname'), text('cluster_role'), text('failover_role')],
        ...[text('accepting_connections', 'xs:int'), text('timezone_offset', 'xs:int')],
      ],
      [attribute('id')],
      'many',
    ),
  ]),
  tree('logged_in_reps', [
    tree(
      'rep',
      [
        ...[text('display_name'), text('public_display_name'), text('private_display_name'), text('type')],
        ...[text('direct_link'), marked('logged_in_since', 'xs:string', [attribute('ts', 'xs:long')])],
        ...[text('presentation_count', 'xs:int'), text('support_session_count', 'xs:int')],
        text('showing_on_rep_list', 'xs:int'),
      ],
      [attribute('id', 'xs:int')],
      'many',
    ),
  ]),
  tree('support_teams', [
    tree(
      'support_team',
      [
        ...[text('name'), text('code_name')],
        tree('issues', [tree('issue', [text('title'), text('code_name')], [attribute('id', 'xs:int')], 'many')]),
        tree(
          'members',
          [
            tree(
              'representative',
              [text('username'), text('display_name'), text('role')],
              [attribute('id', 'xs:int')],
              'many',
            ),
          ],
          [],
          'maybe',
        ),
      ],
      [attribute('id', 'xs:int')],
      'many',
    ),
  ]),
  tree('session_key', [
    ...[text('type'), text('expires', 'xs:long'), marked('queue', 'xs:string', [attribute('available', 'xs:int')])],
    ...[text('queue_id', 'xs:int', 'maybe'), text('external_key', 'xs:string', 'maybe'), text('short_key')],
    ...[text('key_url', 'xs:anyURI'), text('mail_subject'), text('mail_body')],
  ]),
  tree('virtual_customer', [text('lsid')]),
  tree('custom_attributes', [
    marked('custom_attribute', 'xs:string', [attribute('display_name'), attribute('code_name')], 'many'),
  ]),
  tree('connected_client_list', [
    tree('connected_client_summary', [
      tree('appliance_summary', [marked('count', 'xs:int', [attribute('type')], 'many')], [attribute('id')], 'many'),
    ]),
    tree('connected_client', [], [attribute('type'), attribute('id')], 'many'),
  ]),
  xs(
    'element',
    [
      xs('complexType', [
        xs(
          'choice',
          ['representative', 'support_customer', 'pinned_client'].map((type) => client(`connected_${type}`)),
          often.many,
        ),
      ]),
    ],
    { name: 'connected_clients' },
  ),
];
