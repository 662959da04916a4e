import { z } from 'zod';
import type { SupportEvent } from '../../support/index.ts';
import { type Element, element, isHeld } from '../../xml-api/index.ts';
import { type Actor, actorElement, dataElement, timestamp } from '../elements.ts';

/** What an event of a session is written with. */
export interface EventContext {
  /** Somebody who is, or was, in the session. */
  actor(gsnumber: number): Actor;
  /** Where a file or a screen can be had; null: it is not there any more. */
  link(blobId: string): string | null;
  /** The same for the recording of a shell. */
  shell(id: string): string | null;
}

type Pair = readonly [string, string | number];

/** The parts of an event in the order that its schema has them. */
interface Told {
  readonly type: string;
  readonly destination?: Actor;
  readonly body?: string;
  readonly file?: { readonly name: string; readonly size: number };
  readonly data?: readonly Pair[];
}

const informed = 'System Information Retrieved';

/** An event as real sites name it; null: it has nothing of its own to tell. */
export const eventElement = (event: SupportEvent, context: EventContext): Element => {
  const { at, type, performedBy, body } = event;
  if (type === 'system_information')
    return element('event', [systemInformation(body)], { ...timestamp(at), event_type: informed });
  const told = tell(event, context);
  const by = performedBy === null ? systemActor(text(body, 'by')) : context.actor(performedBy);
  // A session begins, changes its owner and ends by itself.
  const isSaid = performedBy !== null || text(body, 'by') !== '';
  return element(
    'event',
    [
      ...(isSaid ? [actorElement('performed_by', by)] : []),
      ...(told.destination ? [actorElement('destination', told.destination)] : []),
      ...(told.body === undefined ? [] : [bodyElement(told.body)]),
      ...(told.file ? [element('filename', told.file.name), element('filesize', told.file.size)] : []),
      ...dataElement(told.data ?? []),
    ],
    { ...timestamp(at), event_type: told.type },
  );
};

/** Words that XML cannot hold come in base64, so that nothing of them is lost. */
const bodyElement = (words: string): Element =>
  isHeld(words) ? element('body', words) : element('encoded_body', Buffer.from(words).toString('base64'));

const systemActor = (name: string): Actor => ({ type: 'system', gsnumber: 0, name: name || 'System' });

const tell = ({ type, performedBy, body }: SupportEvent, { actor, link, shell }: EventContext): Told => {
  const shellOf = (id: string): readonly Pair[] => {
    const found = shell(id);
    return found === null ? [] : [['download_url', found]];
  };
  const linkOf = (name: string): readonly Pair[] => {
    const found = link(text(body, name));
    return found === null ? [] : [['download_url', found]];
  };
  const file = { name: text(body, 'name'), size: number(body, 'size') };
  switch (type) {
    case 'begun':
      return { type: 'Session Start', data: pairs({ queue: text(body, 'queue'), issue: text(body, 'issue') }) };
    case 'member_added':
      return { type: 'Conference Member Added', data: pairs({ type: text(body, 'kind') }) };
    case 'member_departed':
      return { type: 'Conference Member Departed', data: pairs({ type: text(body, 'kind') }) };
    case 'owner_changed': {
      const owner = actor(number(body, 'owner'));
      return { type: 'Conference Owner Changed', destination: owner, data: [['owner', owner.name]] };
    }
    case 'transferred': {
      // Real sites know queues as conferences without an owner.
      const queue = text(body, 'queue');
      return { type: 'Conference Owner Changed', destination: systemActor(queue), data: [['owner', queue]] };
    }
    case 'attributes_set':
      return { type: 'Session Attribute Changed', data: Object.entries(Attributes.parse(body.attributes)) };
    case 'chat_message':
      return { type: 'Chat Message', body: text(body, 'text'), data: spokenBy(performedBy, body) };
    case 'note_added':
      return { type: 'Session Note Added', body: text(body, 'text'), data: spokenBy(performedBy, body) };
    case 'file_sent':
      return {
        ...{ type: 'File Upload', file },
        data: [...pairs({ content_type: text(body, 'type'), sha256: text(body, 'sha256') }), ...linkOf('file')],
      };
    case 'file_received':
      return { type: 'File Download', file, data: linkOf('file') };
    case 'file_refused':
      return { type: 'File Refused', file, data: pairs({ reason: text(body, 'reason') }) };
    case 'screen_started':
      return { type: 'Screen Sharing Started', data: linkOf('recording') };
    case 'screen_stopped':
      return { type: 'Screen Sharing Stopped', data: linkOf('recording') };
    case 'shell_opened':
      return { type: 'Command Shell Started', data: shellOf(text(body, 'shell')) };
    case 'shell_closed':
      return { type: 'Command Shell Ended', data: shellOf(text(body, 'shell')) };
    case 'machine_file_put':
      return { type: 'File Upload', file };
    case 'machine_file_fetched':
      return { type: 'File Download', file };
    case 'machine_asked':
      return { type: 'Jump Client Requested', data: machineOf(body) };
    case 'machine_refused':
      return { type: 'Jump Client Refused', data: machineOf(body) };
    case 'machine_lent':
      return { type: 'Jump Client Connected', data: machineOf(body) };
    case 'machine_returned':
      return { type: 'Jump Client Disconnected', data: machineOf(body) };
    case 'ended':
      return { type: 'Session End', data: pairs({ reason: text(body, 'reason') }) };
    case 'survey_completed':
      return {
        type:
          text(body, 'kind') === 'customer' ? 'Customer Exit Survey Completed' : 'Representative Exit Survey Completed',
      };
    case 'system_information':
      return { type: informed };
  }
};

const machineOf = (body: SupportEvent['body']): readonly Pair[] =>
  pairs({ name: text(body, 'machine'), hostname: text(body, 'hostname') });

/** A program that spoke in the name of somebody. */
const spokenBy = (performedBy: number | null, body: SupportEvent['body']): readonly Pair[] =>
  performedBy === null ? [] : pairs({ spoken_by: text(body, 'by') });

const pairs = (values: Readonly<Record<string, string>>): readonly Pair[] =>
  Object.entries(values).filter(([, value]) => value !== '');

// What was written by an older program, or by another part of this one, may lack what is looked for.
export const text = (body: SupportEvent['body'], name: string): string => {
  const value = body[name];
  return typeof value === 'string' ? value : '';
};
const number = (body: SupportEvent['body'], name: string): number => {
  const value = body[name];
  return typeof value === 'number' ? value : 0;
};
const Attributes = z.record(z.string(), z.string()).catch({});

const Field = z.object({ name: z.string().catch(''), value: z.coerce.string().catch('') });
const Category = z.object({
  name: z.string().catch(''),
  fields: z.array(Field).catch([]),
  rows: z.array(z.array(Field)).catch([]),
});
const Categories = z.object({ categories: z.array(Category).catch([]) });

/** Single values are a table of one row; a category may have both. */
const systemInformation = (body: SupportEvent['body']): Element =>
  element(
    'system_information',
    Categories.parse(body).categories.flatMap(({ name, fields, rows }) => [
      ...(fields.length > 0 || rows.length === 0 ? [category(name, [fields])] : []),
      ...(rows.length > 0 ? [category(name, rows)] : []),
    ]),
  );

type Row = readonly { readonly name: string; readonly value: string }[];

const category = (name: string, rows: readonly Row[]): Element => {
  const columns = [...new Set(rows.flatMap((row) => row.map((one) => one.name)))];
  return element(
    'category',
    [
      element(
        'description',
        columns.map((column) => element('field', '', { id: column, name: column })),
      ),
      element(
        'data',
        rows.map((row) =>
          element(
            'row',
            columns.map((column) =>
              element('field', row.find((one) => one.name === column)?.value ?? '', { id: column }),
            ),
          ),
        ),
      ),
    ],
    { name },
  );
};
