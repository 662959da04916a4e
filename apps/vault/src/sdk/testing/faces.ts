import type { Json } from '@gatehouse/kernel';
import { testClient } from '@gatehouse/server/testing';
import { XMLParser } from 'fast-xml-parser';
import { createClientAsync } from 'soap';
import { refusals } from '../../refusal.ts';

type Members = Readonly<Record<string, Json>>;

/** What a client makes of an answer, whatever it came in. */
export interface FaceAnswer {
  /** As the JSON faces have it; of SOAP that of the code in the fault. */
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape and fail on a wrong one.
  readonly body: any;
  /** As it came. */
  readonly text: string;
}

export type CallFace = (
  operation: string,
  body: Members,
  headers?: Readonly<Record<string, string>>,
) => Promise<FaceAnswer>;

/** Each way in which a client may ask for the same. */
export const faces: readonly (readonly [string, (url: string) => Promise<CallFace>])[] = [
  ['JSON v1', (url) => byJson(url, '/ERPMWebService/AuthService_JSON.svc')],
  ['JSON v2', (url) => byJson(url, '/ERPMWebService/json/V2/AuthService.svc')],
  ['JSON v2 in other letters', (url) => byJson(url, '/erpmwebservice/JSON/v2/AUTHSERVICE.svc')],
  ['SOAP 1.1', async (url) => (operation, body, headers) => callSoap(url, '1.1', operation, body, headers)],
  ['SOAP 1.2', async (url) => (operation, body, headers) => callSoap(url, '1.2', operation, body, headers)],
  ['SOAP by a client that has read its description', (url) => byDescription(url)],
];

const byJson =
  async (url: string, face: string): Promise<CallFace> =>
  (operation, body, headers = {}) =>
    testClient(url).post(`${face}/${operation}`, body, { headers: { origin: undefined, ...headers } });

export const soapPath = '/ERPMWebService/AuthService.svc';
const namespaces = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
} as const;

/** An envelope as the serializer of .NET writes it. */
export const envelopeOf = (version: '1.1' | '1.2', operation: string, body: Members): string =>
  `<s:Envelope xmlns:s="${namespaces[version]}"><s:Body><${operation} xmlns="http://tempuri.org/" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:a="http://schemas.datacontract.org/2004/07/RouletteWebService" xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays">${membersOf('', body)}</${operation}></s:Body></s:Envelope>`;

const membersOf = (prefix: string, body: Members): string =>
  Object.entries(body)
    .map(([name, value]) => elementOf(`${prefix}${name}`, value))
    .join('');

const elementOf = (name: string, value: Json): string => {
  if (value === null) return `<${name} i:nil="true"/>`;
  if (Array.isArray(value)) return `<${name}>${value.map((one) => elementOf('b:string', one)).join('')}</${name}>`;
  if (typeof value === 'object') return `<${name}>${membersOf('a:', value as Members)}</${name}>`;
  return `<${name}>${String(value).replace(/[&<>\r]/g, (letter) => `&#${letter.charCodeAt(0)};`)}</${name}>`;
};

export const postEnvelope = async (
  url: string,
  version: '1.1' | '1.2',
  operation: string | null,
  envelope: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; text: string; headers: Headers }> => {
  const action = operation === null ? null : `http://tempuri.org/IAuthService/${operation}`;
  const type =
    version === '1.1'
      ? 'text/xml; charset=utf-8'
      : `application/soap+xml; charset=utf-8${action === null ? '' : `; action="${action}"`}`;
  const answer = await fetch(new URL(soapPath, url), {
    method: 'POST',
    headers: { 'content-type': type, ...(version === '1.1' && { soapaction: `"${action ?? ''}"` }), ...headers },
    body: envelope,
  });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
};

export const callSoap = async (
  url: string,
  version: '1.1' | '1.2',
  operation: string,
  body: Members,
  headers: Readonly<Record<string, string>> = {},
): Promise<FaceAnswer> => {
  const { text } = await postEnvelope(url, version, operation, envelopeOf(version, operation, body), headers);
  return read(operation, text);
};

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  parseTagValue: false,
  trimValues: false,
});

/** The result, or what a fault tells. */
const read = (operation: string, text: string): FaceAnswer => {
  const { Fault, ...answered } = parser.parse(text).Envelope.Body;
  if (Fault) return failed(toPlain('', Fault.detail?.Failure ?? Fault.Detail?.Failure), text);
  return { status: 200, body: toPlain('', answered[`${operation}Response`][`${operation}Result`]), text };
};

const failed = (body: unknown, text: string): FaceAnswer => {
  const code = typeof body === 'object' && body !== null && 'ErrorCode' in body ? String(body.ErrorCode) : '';
  return { status: Object.entries(refusals).find(([name]) => name === code)?.[1] ?? 500, body, text };
};

const wholes = /^(JobID|AccountStoreType|SystemCount)$/;

/** As JSON has it: what an element means is known by the name of its member. */
const toPlain = (name: string, value: unknown): unknown => {
  if ((value === '' || value === null) && /^(ListValues|Systems)$/.test(name)) return [];
  if (typeof value === 'string')
    return wholes.test(name) ? Number(value) : /^(true|false)$/.test(value) ? value === 'true' : value;
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return value;
  const given = Object.entries(value);
  if (given.some(([key, one]) => /nil$/.test(key) && one === 'true')) return null;
  const members = given.filter(([key]) => !key.startsWith('@_') && key !== 'attributes');
  const [first] = members;
  if (first?.[0] === '#text') return toPlain(name, first[1]);
  const listed =
    members.length === 1 && first
      ? /^(UsableCredential|JobOnSystem|TemplateJob|ListValue|SystemInSet)$/.test(first[0])
      : false;
  if (listed) return [first?.[1]].flat().map((one) => toPlain('', one));
  if (members.length === 0) return toPlain(name, '');
  return Object.fromEntries(members.map(([key, one]) => [key, toPlain(key, one)]));
};

/** The client knows nothing but the description: it finds addresses, names, namespaces, order and types there. */
const byDescription = async (url: string): Promise<CallFace> => {
  const client = await createClientAsync(new URL(`${soapPath}?wsdl`, url).href);
  return async (operation, body, headers = {}) => {
    try {
      const [result, text] = await client[`${operation}Async`](body, {}, headers);
      return { status: 200, body: toPlain('', result?.[`${operation}Result`]), text };
    } catch (error) {
      const fault = error instanceof Error && 'root' in error && error.root;
      if (!fault) throw error;
      const { detail } = (fault as { Envelope: { Body: { Fault: { detail?: { Failure?: unknown } } } } }).Envelope.Body
        .Fault;
      return failed(toPlain('', detail?.Failure), JSON.stringify(fault));
    }
  };
};
