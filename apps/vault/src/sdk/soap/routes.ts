import { type App, problems, type Reply, type Request } from '@gatehouse/server';
import { Refusal } from '../../refusal.ts';
import type { Action } from '../actions.ts';
import { largestBody, perMinute, toAsked } from '../asking.ts';
import { toFailure } from '../failures.ts';
import { contractsOf } from './contract.ts';
import { EnvelopeFault, readEnvelope, writeAnswer, writeFault } from './envelope.ts';
import type { SoapVersion } from './namespaces.ts';
import { writeWsdl } from './wsdl.ts';
import { toXmlText } from './xml.ts';

const url = '/authservice.svc';

/** The SOAP face: every action at one address, as a service of WCF with a basicHttpBinding has it, and in SOAP 1.2, too. */
export const serveSoap = (app: App, actions: readonly Action[], baseUrl: () => string): void => {
  const contracts = contractsOf(actions);
  const byName = new Map(contracts.map((contract) => [contract.action.name, contract]));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, finish) => finish(null, body));
  app.setErrorHandler((error, request, reply) => sendFault(error, request, reply));
  // All of them share one address, so which are log-ins is known only from the body.
  const countLogIn = app.createRateLimit({ max: perMinute.logIns });
  const tags = ['SDK web services by SOAP'];

  app.route({
    ...{ method: 'POST', url, bodyLimit: largestBody },
    config: { access: 'program', rateLimit: { max: perMinute.calls } },
    schema: { summary: 'Every operation by SOAP 1.1 and 1.2, as ?wsdl describes them', tags },
    handler: async (request, reply) => {
      const version = versionOf(request);
      if (version === null) return sendFault(new Refusal('invalid', mediaTypes), request, reply.code(415));
      if (!/^utf-?8$/.test(parameterOf(request, 'charset') ?? 'utf-8'))
        throw new Refusal('invalid', 'The envelope must be written in UTF-8.');
      const { name, body } = readEnvelope(
        request.body instanceof Uint8Array ? request.body : new Uint8Array(),
        version,
      );
      const named = actionIn(request);
      // Whoever looks at the header alone, such as a proxy that lets some through, must not be told another story.
      if (named !== '' && named !== name)
        throw new Refusal('invalid', 'The action of the request is another than the element in its body.');
      const contract = byName.get(name);
      if (!contract) throw new Refusal('not_found', 'There is no such operation.');
      if (contract.action.isLogIn) {
        const counted = await countLogIn(request);
        if (!counted.isAllowed && counted.isExceeded) throw problems.tooMany(Math.max(1, counted.ttlInSeconds));
      }
      const answer = await contract.action.ask(toAsked(request, body));
      return send(reply, version, writeAnswer(version, name, contract.result, answer));
    },
  });

  app.route({
    ...{ method: 'GET', url },
    config: { access: 'program' },
    schema: { summary: 'The description of the SOAP face: ?wsdl or ?singleWsdl', tags },
    handler: async (request, reply) => {
      const [, query = ''] = request.url.split('?', 2);
      if (!/^(wsdl|singlewsdl)$/i.test(query.replace(/=$/, '')))
        throw new Refusal('not_found', 'The description of this service is at ?wsdl.');
      return reply
        .type('text/xml; charset=utf-8')
        .send(writeWsdl(contracts, `${baseUrl()}/ERPMWebService/AuthService.svc`));
    },
  });
};

const mediaTypes = 'Content-Type: must be text/xml for SOAP 1.1, or application/soap+xml for SOAP 1.2.';

/** Null: neither. */
const versionOf = ({ headers }: Request): SoapVersion | null => {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  return type === 'text/xml' ? '1.1' : type === 'application/soap+xml' ? '1.2' : null;
};

/** Of the header `Content-Type`, in lower case where its letters do not matter. */
const parameterOf = ({ headers }: Request, name: 'charset' | 'action'): string | null => {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;"]*))`, 'i').exec(headers['content-type'] ?? '');
  const value = found?.[1] ?? found?.[2] ?? null;
  return name === 'charset' ? (value?.toLowerCase() ?? null) : value;
};

/** The operation that the action names with its last part: `http://tempuri.org/IAuthService/DoLogin2`; '' for none. */
const actionIn = (request: Request): string => {
  const header = request.headers.soapaction;
  const action = (typeof header === 'string' ? header : '').replace(/^"(.*)"$/, '$1') || parameterOf(request, 'action');
  return (action ?? '').slice((action ?? '').lastIndexOf('/') + 1);
};

const send = (reply: Reply, version: SoapVersion, envelope: string) =>
  reply
    .type(version === '1.1' ? 'text/xml; charset=utf-8' : 'application/soap+xml; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(envelope);

const sendFault = (error: unknown, request: Request, reply: Reply) => {
  const version = versionOf(request) ?? '1.1';
  if (error instanceof EnvelopeFault)
    return send(reply.code(500), version, writeFault(version, error.code, error.message, null));
  const { status, body, retryAfterSeconds, isOurs } = toFailure(error);
  if (isOurs) request.log.error({ err: error, req: request }, 'an operation failed');
  else if (status === 503) request.log.warn({ err: error, req: request }, 'an operation could not be done now');
  if (retryAfterSeconds !== null) reply.header('retry-after', retryAfterSeconds);
  const isSender = status < 500 && status !== 429;
  // A fault of SOAP 1.1 is always a 500; SOAP 1.2 has 400 for what the sender has to change.
  if (reply.statusCode !== 415) reply.code(version === '1.2' && isSender ? 400 : 500);
  const sentence = toXmlText(body.OperationMessage);
  const detail = { ...body, OperationMessage: sentence };
  return send(reply, version, writeFault(version, isSender ? 'sender' : 'receiver', sentence, detail));
};
