import type { Json } from '@gatehouse/kernel';
import { Refusal } from '../../refusal.ts';
import type { SdkAnswer } from '../operation.ts';
import { failure } from './contract.ts';
import { arrays, contracts, envelopes, instance, type SoapVersion, service } from './namespaces.ts';
import type { Member, Shape } from './shape.ts';
import { element, escaped, readXml, type XmlElement } from './xml.ts';

/** What is wrong with an envelope rather than with what it asks for; the code is that of SOAP. */
export class EnvelopeFault extends Error {
  override readonly name = 'EnvelopeFault';
  readonly code: 'VersionMismatch' | 'MustUnderstand';

  constructor(code: EnvelopeFault['code'], sentence: string) {
    super(sentence);
    this.code = code;
  }
}

/** What an envelope asks for. */
export interface Asking {
  readonly name: string;
  /** As a body of JSON has it; numbers and the like are texts. */
  readonly body: Readonly<Record<string, Json>>;
}

/** @throws Refusal `invalid`, EnvelopeFault */
export const readEnvelope = (bytes: Uint8Array, version: SoapVersion): Asking => {
  const root = readXml(bytes);
  const namespace = envelopes[version];
  if (root.name !== 'Envelope') throw new Refusal('invalid', 'The body must be an envelope of SOAP.');
  if (root.namespace !== namespace)
    throw new EnvelopeFault('VersionMismatch', `The envelope is not one of SOAP ${version}, as its Content-Type says.`);
  const parts = (name: string) => root.children.filter((one) => one.name === name && one.namespace === namespace);
  for (const header of parts('Header').flatMap(({ children }) => children))
    if (/^(1|true)$/.test(header.attributes.get(`${namespace} mustUnderstand`)?.trim() ?? ''))
      throw new EnvelopeFault('MustUnderstand', 'The envelope has a header that must be understood, and is not.');
  const [body, ...others] = parts('Body');
  const [asked, ...more] = body?.children ?? [];
  if (asked === undefined || others.length + more.length > 0)
    throw new Refusal('invalid', 'The envelope must have one body with one element in it.');
  return { name: asked.name, body: toMembers(asked) };
};

const toMembers = ({ children }: XmlElement): Readonly<Record<string, Json>> => {
  const byName = Map.groupBy(children, ({ name }) => name);
  // What stands twice is a list, so that nothing reads the one and something else the other.
  return Object.fromEntries(
    [...byName].map(([name, [one, ...others]]) => [
      name,
      one && others.length === 0 ? toJson(one) : [one, ...others].map((each) => (each ? toJson(each) : null)),
    ]),
  );
};

const toJson = (given: XmlElement): Json => {
  if (/^(1|true)$/.test(given.attributes.get(`${instance} nil`)?.trim() ?? '')) return null;
  if (given.children.length === 0) return given.text;
  if (given.children.every(({ namespace }) => namespace === arrays)) return given.children.map(toJson);
  return toMembers(given);
};

/** The envelope of an answer. @throws Refusal `unavailable` for what XML cannot hold */
export const writeAnswer = (version: SoapVersion, name: string, result: Shape, answer: SdkAnswer): string =>
  envelope(
    version,
    element(
      `${name}Response`,
      { xmlns: service },
      written(`${name}Result`, { 'xmlns:a': contracts, 'xmlns:i': instance }, result, answer),
    ),
  );

/** A member of an answer that its schema does not have, or has otherwise, is a mistake of ours, which is not sent. */
const written = (
  tag: string,
  attributes: Readonly<Record<string, string>>,
  shape: Shape,
  value: Json | undefined,
): string => {
  if (value === undefined) return '';
  if (value === null) return element(tag, { ...attributes, 'i:nil': 'true' });
  if (shape.kind === 'list' && isList(value))
    return element(tag, attributes, value.map((one) => written(`a:${shape.of.name}`, {}, shape.of, one)).join(''));
  if (shape.kind === 'object' && typeof value === 'object' && !isList(value)) {
    const unknown = Object.keys(value).find((key) => !shape.members.some(({ name }) => name === key));
    if (unknown !== undefined)
      throw new Error(`The answer ${shape.name} has the member ${unknown}, which is not described.`);
    return element(tag, attributes, shape.members.map((member) => memberOf(member, value)).join(''));
  }
  if (typeof value !== typeofOf[shape.kind]) throw new Error(`What ${tag} answers is not as it is described.`);
  return element(tag, attributes, escaped(String(value)));
};

const memberOf = ({ name, shape }: Member, value: Readonly<Record<string, Json | undefined>>): string =>
  written(`a:${name}`, {}, shape, value[name]);

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const typeofOf = {
  text: 'string',
  time: 'string',
  whole: 'number',
  flag: 'boolean',
  list: 'none',
  object: 'none',
} as const;

const envelope = (version: SoapVersion, content: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>${element('s:Envelope', { 'xmlns:s': envelopes[version] }, element('s:Body', {}, content))}`;

/** `sender`: asking again as it is does not help. */
export type FaultCode = EnvelopeFault['code'] | 'sender' | 'receiver';

/** The envelope of a fault. Without `detail` it says nothing but the sentence. */
export const writeFault = (
  version: SoapVersion,
  code: FaultCode,
  sentence: string,
  detail: SdkAnswer | null,
): string => {
  const more =
    detail === null
      ? ''
      : written('Failure', { xmlns: contracts, 'xmlns:a': contracts, 'xmlns:i': instance }, failure, detail);
  const text = escaped(sentence);
  if (version === '1.1')
    return envelope(
      version,
      element(
        's:Fault',
        {},
        element('faultcode', {}, `s:${codes[version][code]}`) +
          element('faultstring', { 'xml:lang': 'en' }, text) +
          (more && element('detail', {}, more)),
      ),
    );
  return envelope(
    version,
    element(
      's:Fault',
      {},
      element('s:Code', {}, element('s:Value', {}, `s:${codes[version][code]}`)) +
        element('s:Reason', {}, element('s:Text', { 'xml:lang': 'en' }, text)) +
        (more && element('s:Detail', {}, more)),
    ),
  );
};

const codes: Readonly<Record<SoapVersion, Readonly<Record<FaultCode, string>>>> = {
  '1.1': { sender: 'Client', receiver: 'Server', VersionMismatch: 'VersionMismatch', MustUnderstand: 'MustUnderstand' },
  '1.2': {
    sender: 'Sender',
    receiver: 'Receiver',
    VersionMismatch: 'VersionMismatch',
    MustUnderstand: 'MustUnderstand',
  },
};
