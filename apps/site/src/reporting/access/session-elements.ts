import { closeTag, type Element, element, openTag, writeElement } from '../../xml-api/index.ts';
import {
  type Actor,
  actorElement,
  dataElement,
  durationElement,
  secondsBetween,
  timeElement,
  timestamp,
} from '../elements.ts';
import { type AccessSession, type FileAct, type FileCounts, lsidOf } from './rows.ts';

export interface AccessContext {
  readonly now: Date;
  readonly counts: FileCounts;
  link(kind: 'desktop' | 'shell'): string;
  /** What was done with files, in order. */
  files(): AsyncIterable<FileAct>;
}

/** The endpoint is the customer of its session, as programs have it. */
const endpoint = 1;
const person = 2;

export async function* writeAccessSession(session: AccessSession, context: AccessContext): AsyncGenerator<string> {
  const about = headOf(session, context);
  yield `${openTag('session', { lsid: lsidOf(session) })}${about.map(writeElement).join('')}${openTag('session_details')}\n`;
  for await (const event of eventsOf(session, context)) yield `${writeElement(event)}\n`;
  yield `${closeTag('session_details')}${closeTag('session')}\n`;
}

const headOf = (session: AccessSession, { now, counts, link }: AccessContext): readonly Element[] => {
  const { openedAt, endedAt } = session;
  const end = endedAt ?? now;
  const name = session.personName || session.username;
  return [
    ...[element('session_type', 'support'), element('lseq', session.lseq)],
    ...[timeElement('start_time', openedAt), timeElement('end_time', endedAt), durationElement(openedAt, end)],
    ...[element('external_key', session.ticket), element('custom_attributes')],
    ...(session.recording === 'desktop' ? [element('session_recording_download_url', link('desktop'))] : []),
    ...(session.recording === 'asciicast'
      ? [
          element('command_shell_recordings', [
            element('command_shell_recording', [element('download_url', link('shell'))], { instance: 0 }),
          ]),
        ]
      : []),
    element('file_transfer_count', counts.transfers),
    ...[element('file_move_count', counts.moves), element('file_delete_count', counts.deletes)],
    // Programs cannot do without these two. What belongs to nobody else has the group of its owner.
    element('jumpoint', session.jumpoint ?? '', { id: session.jumpointId ?? 0 }),
    element('primary_customer', session.itemName, { gsnumber: endpoint }),
    session.jumpGroup === null
      ? element('jump_group', name, { type: 'personal', id: session.userId })
      : element('jump_group', session.jumpGroup, { type: 'shared', id: session.jumpGroupId ?? 0 }),
    element('primary_rep', name, { gsnumber: person, id: session.userId }),
    element('customer_list', [
      element(
        'customer',
        [
          ...[element('username', session.itemName), element('public_ip'), element('private_ip')],
          ...[element('hostname', session.hostname), element('os')],
        ],
        { gsnumber: endpoint },
      ),
    ]),
    element('rep_list', [
      representative({ ...session, name, gsnumber: person, from: openedAt, until: end }),
      ...session.participants.map((one, at) =>
        representative({
          ...{ userId: one.userId, username: one.username, name: one.name, gsnumber: person + 1 + at },
          ...{ from: new Date(one.joinedAt), until: one.leftAt === null ? end : new Date(one.leftAt) },
        }),
      ),
    ]),
  ];
};

const representative = (one: {
  readonly gsnumber: number;
  readonly userId: number;
  readonly username: string;
  readonly name: string;
  readonly from: Date;
  readonly until: Date;
}): Element =>
  element(
    'representative',
    [
      ...[element('username', one.username), element('display_name', one.name)],
      ...[element('public_display_name', one.name), element('private_display_name', one.name)],
      ...[element('public_ip', 'Unknown'), element('private_ip', 'Unknown'), element('hostname'), element('os')],
      element('session_owner', Number(one.gsnumber === person)),
      element('seconds_involved', secondsBetween(one.from, one.until)),
    ],
    { gsnumber: one.gsnumber, id: one.userId },
  );

interface Told {
  readonly at: Date;
  readonly element: Element;
}

/** What the session says of itself, and between it what was done with files, by time. */
async function* eventsOf(session: AccessSession, { files }: AccessContext): AsyncGenerator<Element> {
  const rest = fixedEvents(session);
  const isOver = ({ at }: Told, than: Date) => at <= than;
  for await (const act of files()) {
    for (let next = rest[0]; next !== undefined && isOver(next, act.at); next = rest[0]) {
      yield next.element;
      rest.shift();
    }
    yield fileEvent(act, { type: 'representative', gsnumber: person, name: session.personName });
  }
  for (const { element: one } of rest) yield one;
}

const fixedEvents = (session: AccessSession): Told[] => {
  const owner: Actor = { type: 'representative', gsnumber: person, name: session.personName };
  const told = (at: Date, type: string, content: readonly Element[] = []): Told => ({
    at,
    element: element('event', content, { ...timestamp(at), event_type: type }),
  });
  const between = session.participants.flatMap((one, index) => {
    const actor: Actor = { type: 'representative', gsnumber: person + 1 + index, name: one.name };
    const by = actorElement('performed_by', actor);
    return [
      told(new Date(one.joinedAt), 'Conference Member Added', [by, ...dataElement(pairs({ reason: one.reason }))]),
      ...(one.leftAt === null ? [] : [told(new Date(one.leftAt), 'Conference Member Departed', [by])]),
    ];
  });
  const { openedAt, endedAt, ending, endedBy, account, reason } = session;
  return [
    told(openedAt, 'Session Start'),
    told(openedAt, 'Conference Owner Changed', [
      actorElement('destination', owner),
      ...dataElement([['owner', owner.name]]),
    ]),
    told(openedAt, 'Conference Member Added', [
      actorElement('performed_by', owner),
      ...dataElement(pairs({ account, reason })),
    ]),
    ...between.toSorted((a, b) => a.at.getTime() - b.at.getTime()),
    ...(endedAt === null
      ? []
      : [told(endedAt, 'Session End', dataElement(pairs({ reason: ending ?? '', ended_by: endedBy ?? '' })))]),
  ];
};

const pairs = (values: Readonly<Record<string, string>>) => Object.entries(values).filter(([, value]) => value !== '');

const fileTypes: Readonly<Record<string, string>> = {
  'file.download': 'File Download',
  'file.upload': 'File Upload',
  'file.delete': 'File Deleted',
  'file.rename': 'File Moved',
  'file.folder': 'Directory Created',
};

const fileEvent = ({ at, action, path, to, bytes }: FileAct, by: Actor): Element =>
  element(
    'event',
    [
      ...[actorElement('performed_by', by), element('filename', path), element('filesize', Number(bytes))],
      ...dataElement(pairs({ to })),
    ],
    { ...timestamp(at), event_type: fileTypes[action] ?? 'File Changed' },
  );
