import { Fault } from '@gatehouse/kernel';
import { z } from 'zod';
import { parseBody, wordsOf } from './body.ts';
import { createExchange, type Incoming, type Outgoing, type Surroundings } from './exchange.ts';
import type { Answer, Http, HttpOptions, OutgoingRequest, Refusal, RequestOptions } from './host.ts';
import { inTurns } from './in-turns.ts';
import { nextLink, pinTo } from './pinning.ts';
import { bounded, isSecretName, redact } from './redact.ts';
import { advices, faultOf, kindOf, Refused } from './words.ts';

/** One client for one system. `signal` ends whatever it does. */
export const createHttp = (options: HttpOptions, around: Surroundings, signal: AbortSignal): Http => {
  const { system } = options;
  const pin = pinTo(system, options.origin);
  const exchange = createExchange(options, around);

  const request = async <S extends z.ZodType>(
    path: string,
    shape: S,
    wanted: RequestOptions = {},
  ): Promise<Answer<z.output<S>>> => {
    const outgoing = toOutgoing(options, pin.resolve(path), wanted, signal);
    const answer = await exchange(outgoing);
    const { status, headers, bytes } = answer;
    const name = `${outgoing.method} ${shownPath(options, outgoing.url)}`;
    const isAccepted = (status >= 200 && status <= 299) || wanted.accept?.includes(status) === true;
    if (answer.isThrottled || !isAccepted) {
      throw refusalFault(options, outgoing, answer);
    }
    const parsed = shape.safeParse(parseBody(bytes, headers, { system, request: name }));
    if (!parsed.success) {
      throw faultOf('unexpected', system, `${name}: ${redact(bounded(z.prettifyError(parsed.error)))}`);
    }
    const link = nextLink(headers.get('link'));
    return { status, headers, body: parsed.data, next: link === null ? null : pin.toCursor(link, outgoing.url) };
  };

  return {
    request,
    get: async (path, shape) => (await request(path, shape)).body,
    async *pages(path, item, map) {
      const list = z.array(z.unknown());
      for (let here: string | null = path; here !== null; ) {
        const { body, next }: Answer<unknown[]> = await request(here, list);
        if (next === here) throw faultOf('unexpected', system, `the next link of ${bounded(here, 300)} is itself`);
        const records: ReturnType<typeof map>[] = [];
        const leftOut: string[] = [];
        await inTurns(body, (one) => {
          const parsed = item.safeParse(one);
          if (parsed.success) records.push(map(parsed.data));
          else leftOut.push(redact(bounded(z.prettifyError(parsed.error))));
        });
        yield { records, cursor: next, ...(leftOut.length > 0 && { leftOut }) };
        here = next;
      }
    },
    async fetch(input, init) {
      const given = new Request(input instanceof Request ? input : pin.resolve(String(input)), init);
      const { method, headers, body } = given;
      const url = pin.resolve(given.url);
      const bytes = body === null ? null : new Uint8Array(await given.arrayBuffer());
      const retry = isRepeatable(options, { method, url, headers }) ? 'all' : 'throttled';
      const ends = AbortSignal.any([signal, given.signal]);
      if (!headers.has('user-agent')) headers.set('user-agent', agent);
      const outgoing: Outgoing = { method, url, headers, body: bytes, retry, signal: ends };
      const answer = await exchange(outgoing);
      // An SDK would take it for whatever its status says, and 403 says something else.
      if (answer.isThrottled) throw refusalFault(options, outgoing, answer);
      return toResponse(answer, url);
    },
  };
};

const agent = 'Gatehouse';

const isRepeatable = (options: HttpOptions, request: OutgoingRequest): boolean =>
  request.method === 'GET' || request.method === 'HEAD' || options.repeatable?.(request) === true;

const shownPath = ({ shown }: HttpOptions, { pathname }: URL): string =>
  bounded(shown === undefined ? pathname : shown(pathname), 300);

const toOutgoing = (options: HttpOptions, url: URL, wanted: RequestOptions, signal: AbortSignal): Outgoing => {
  const { method = 'GET', body } = wanted;
  const headers = new Headers({ accept: 'application/json', 'user-agent': agent, ...wanted.headers });
  if (body instanceof URLSearchParams) headers.set('content-type', 'application/x-www-form-urlencoded');
  else if (body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
  const { retry = isRepeatable(options, { method, url, headers }) ? true : 'throttled' } = wanted;
  return {
    ...{ method, url, headers, signal },
    body: body === undefined ? null : body instanceof URLSearchParams ? body.toString() : JSON.stringify(body),
    retry: retry === true ? 'all' : retry === false ? 'none' : 'throttled',
  };
};

const refusalFault = (options: HttpOptions, outgoing: Outgoing, answer: Incoming): Fault => {
  const { system } = options;
  const { status, headers } = answer;
  const { method, url } = outgoing;
  const path = shownPath(options, url);
  const refusal: Refusal = { status, headers, method, path, body: wordsOf(answer.bytes) };
  const kind = answer.isThrottled ? 'throttled' : kindOf(status);
  const explained = options.explain?.(refusal) ?? { kind, advice: advices[kind](system) };
  const said = typeof refusal.body === 'string' ? refusal.body : JSON.stringify(refusal.body);
  const detail = `${method} ${path} -> ${status} ${bounded(redact(said, [...answer.secrets, ...sentSecrets(outgoing)]), 500)}`;
  return new Fault(explained.kind, explained.advice, bounded(detail), { cause: new Refused(status) });
};

/** Values that we sent ourselves and that some systems repeat in what they answer: assertions, secrets of clients, tokens. */
const sentSecrets = ({ url, headers, body }: Outgoing): readonly string[] => {
  const isForm = headers.get('content-type')?.includes('form-urlencoded') === true && typeof body === 'string';
  return [...url.searchParams, ...(isForm ? new URLSearchParams(body) : [])]
    .filter(([name]) => isSecretName(name))
    .map(([, value]) => value);
};

const toResponse = ({ status, statusText, headers, bytes }: Incoming, url: URL): Response => {
  const plain = new Headers(headers);
  // The bytes are decoded already.
  plain.delete('content-encoding');
  plain.delete('content-length');
  const hasNoBody = status === 204 || status === 205 || status === 304;
  const response = new Response(hasNoBody ? null : bytes, { status, statusText, headers: plain });
  // Octokit reads the address of an answer, which only a response of the network has.
  return Object.defineProperty(response, 'url', { value: url.href });
};
