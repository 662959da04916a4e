import type { Participant } from '../../support/index.ts';
import { closeTag, type Element, element, openTag, writeElement } from '../../xml-api/index.ts';
import { type Actor, durationElement, secondsBetween, timeElement, toAddress } from '../elements.ts';
import { type EventContext, eventElement } from './event-elements.ts';
import type { WholeSession } from './rows.ts';
import { primaryElements, surveyElement, surveyKindOf } from './survey-elements.ts';

export interface SessionContext {
  /** Names of custom fields by their code names. */
  readonly customFields: ReadonlyMap<string, string>;
  readonly now: Date;
  /** The whole address of a thing of this session. */
  link(kind: 'chat' | 'file' | 'screen' | 'shell', id: string): string;
}

/** One session as it goes out: its events come page by page. */
export async function* writeSession(whole: WholeSession, context: SessionContext): AsyncGenerator<string> {
  const { session } = whole;
  const about = headOf(whole, context);
  yield `${openTag('session', { lsid: session.lsid })}${about.map(writeElement).join('')}${openTag('session_details')}\n`;
  const events = eventContext(whole, context);
  for await (const event of whole.events()) yield `${writeElement(eventElement(event, events))}\n`;
  yield `${closeTag('session_details')}${closeTag('session')}\n`;
}

const eventContext = ({ participants, blobs, shells }: WholeSession, { link }: SessionContext): EventContext => {
  const known = new Map(participants.map((one) => [one.gsnumber, one]));
  return {
    actor: (gsnumber) => actorOf(known.get(gsnumber), gsnumber),
    link(id) {
      const blob = blobs.get(id);
      return blob === undefined ? null : link(blob.kind, blob.id);
    },
    shell: (id) => (shells.includes(id) ? link('shell', id) : null),
  };
};

const actorOf = (participant: Participant | undefined, gsnumber: number): Actor =>
  participant === undefined
    ? { type: 'system', gsnumber, name: '' }
    : { type: participant.kind, gsnumber, name: participant.name };

const headOf = (whole: WholeSession, { customFields, now, link }: SessionContext): readonly Element[] => {
  const { session, participants, surveys, blobs, shells, files } = whole;
  const { beganAt, endedAt } = session;
  const end = endedAt ?? now;
  const customers = participants.filter(({ kind }) => kind === 'customer');
  const representatives = participants.filter(({ kind }) => kind === 'representative');
  const customer = customers[0];
  const owner = representatives.find(({ gsnumber }) => gsnumber === whole.owner) ?? representatives[0];
  const screen = [...blobs.values()].find(({ kind }) => kind === 'screen');
  const fields = Object.entries(session.fields);
  const chat = link('chat', '');
  const surveysOf = (kind: 'customer' | 'representative', name: string) =>
    surveys
      .filter((event) => surveyKindOf(event) === kind)
      .map((event) =>
        surveyElement(name, {
          ...{ lsid: session.lsid, event, customer: customer ?? null, owner: owner ?? null },
          by: participants.find(({ gsnumber }) => gsnumber === event.performedBy)?.name ?? '',
        }),
      );
  return [
    ...[element('session_type', 'support'), element('lseq', session.lseq)],
    ...[timeElement('start_time', beganAt), timeElement('end_time', endedAt), durationElement(beganAt, end)],
    element('external_key', session.externalKey),
    element(
      'custom_attributes',
      fields.map(([codeName, value]) =>
        element('custom_attribute', value, {
          ...{ display_name: customFields.get(codeName) ?? codeName, code_name: codeName },
        }),
      ),
    ),
    element('public_site', 'Default', { id: 1 }),
    ...(session.chatRemoved
      ? []
      : [element('session_chat_view_url', `${chat}&view=1`), element('session_chat_download_url', chat)]),
    ...(screen === undefined ? [] : [element('session_recording_download_url', link('screen', screen.id))]),
    ...(shells.length === 0
      ? []
      : [
          element(
            'command_shell_recordings',
            shells.map((id, instance) =>
              element('command_shell_recording', [element('download_url', link('shell', id))], { instance }),
            ),
          ),
        ]),
    ...[element('file_transfer_count', files), element('file_move_count', 0), element('file_delete_count', 0)],
    ...primaryElements(customer ?? null, owner ?? null),
    element(
      'customer_list',
      customers.map((one) => customerElement(one, one === customer)),
    ),
    element(
      'rep_list',
      representatives.map((one) => representativeElement(one, one === owner, end)),
    ),
    element('cust_survey_list', surveysOf('customer', 'cust_exit_survey')),
    element('rep_survey_list', surveysOf('representative', 'rep_exit_survey')),
  ];
};

const customerElement = (customer: Participant, isPrimary: boolean): Element =>
  element(
    'customer',
    [
      ...[element('username', customer.name), element('public_ip', toAddress(customer.address)), element('private_ip')],
      ...[element('hostname', customer.hostname), element('os', customer.operatingSystem)],
      element('primary_cust', Number(isPrimary)),
      element('info', [
        ...[element('name', customer.name), element('company', customer.company), element('issue', customer.issue)],
      ]),
    ],
    { gsnumber: customer.gsnumber },
  );

/** A console is a page: its machine and its network are not known. */
const representativeElement = (rep: Participant, isPrimary: boolean, end: Date): Element =>
  element(
    'representative',
    [
      ...[element('username', rep.username), element('display_name', rep.name)],
      ...[element('public_display_name', rep.name), element('private_display_name', rep.name)],
      ...[element('public_ip', 'Unknown'), element('private_ip', 'Unknown'), element('hostname'), element('os')],
      ...[element('primary_rep', Number(isPrimary)), element('session_owner', Number(isPrimary))],
      element('seconds_involved', secondsBetween(rep.joinedAt, rep.leftAt ?? end)),
    ],
    { gsnumber: rep.gsnumber, id: rep.userId ?? 0 },
  );
