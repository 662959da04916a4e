import { all, textIn, type XmlElement } from '../wire/xml.ts';
import type { Actor, NamedValue, SessionEvent, SystemCategory } from './model.ts';
import { numberAt, numberIn, timeAt, within } from './tolerant.ts';

export const readActor = (one: XmlElement): Actor => ({
  ...{ type: one.attributes.get('type') ?? '', gsnumber: numberAt(one, 'gsnumber'), name: one.text.trim() },
});

const actorIn = (element: XmlElement, name: string): Actor | null => {
  const [one] = all(element, name);
  return one === undefined ? null : readActor(one);
};

export const readEvent = (event: XmlElement): SessionEvent => {
  const data = within(event, 'data', 'value').map(
    ({ attributes, text }): NamedValue => ({
      name: attributes.get('name') ?? '',
      value: attributes.get('value') ?? text,
    }),
  );
  const [body] = all(event, 'body');
  // In its place, where the words have what XML cannot hold.
  const encoded = textIn(event, 'encoded_body');
  const filename = textIn(event, 'filename');
  return {
    ...{ at: timeAt(event), type: event.attributes.get('event_type') ?? '' },
    ...{ performedBy: actorIn(event, 'performed_by'), destination: actorIn(event, 'destination') },
    // As it was written: space belongs to it.
    body: body?.text ?? (encoded === null ? null : decode(encoded)),
    file:
      filename === null
        ? null
        : {
            ...{ name: filename, size: numberIn(event, 'filesize') },
            url: data.find(({ name }) => name === 'download_url')?.value ?? null,
          },
    data,
    system: within(event, 'system_information', 'category').map(readCategory),
  };
};

const decode = (base64: string): string => Buffer.from(base64, 'base64').toString().replaceAll('\0', '\ufffd');

/** Columns are described once; a row may have fewer fields than columns, or none may be described. */
const readCategory = (category: XmlElement): SystemCategory => {
  const columns = within(category, 'description', 'field');
  const nameAt = (index: number) => columns[index]?.attributes.get('name') ?? columns[index]?.text.trim() ?? '';
  return {
    name: category.attributes.get('name') ?? '',
    rows: within(category, 'data', 'row').map((row) =>
      all(row, 'field').map(({ attributes, text }, index) => ({
        name: attributes.get('name') ?? nameAt(index),
        value: text,
      })),
    ),
  };
};
