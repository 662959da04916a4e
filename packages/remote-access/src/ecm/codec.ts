import { z } from 'zod';
import { EcmError, errorCodes, kindOfCode, mayRepeat } from './errors.ts';
import { limits } from './limits.ts';
import { Id } from './messages.ts';

/** As the caller chose it; an answer repeats it. */
export type MessageId = string | number;

/** What came, once it is known to be a message. `params` and `result` are judged by their method. */
export type Message =
  | { readonly type: 'request'; readonly id: MessageId; readonly method: string; readonly params: unknown }
  | { readonly type: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly type: 'result'; readonly id: MessageId; readonly result: unknown }
  | { readonly type: 'error'; readonly id: MessageId | null; readonly error: EcmError };

/** What is no message, and what to answer to it; `isAnswer`: it is part of an answer and gets none. */
export class BadMessage extends Error {
  override readonly name = 'BadMessage';
  readonly id: MessageId | null;
  readonly error: EcmError;
  readonly isAnswer: boolean;

  constructor(error: EcmError, id: MessageId | null = null, isAnswer = false) {
    super(error.message);
    this.error = error;
    this.id = id;
    this.isAnswer = isAnswer;
  }
}

const MessageIds = z.union([z.string().min(1).max(64), z.int().min(0)]);
const RemoteError = z.object({
  code: z.int(),
  message: z.string(),
  data: z.object({ field: z.string().max(200).nullish() }).nullish(),
});

/** Parses one message. @throws BadMessage for whatever is none. */
export const decode = (text: string): Message => {
  // A string of that many characters is never shorter in bytes, and counting the bytes of a longer one costs time.
  if (text.length > limits.messageBytes || Buffer.byteLength(text) > limits.messageBytes)
    throw new BadMessage(new EcmError('too_large', `A message has at most ${limits.messageBytes} bytes.`));
  if (!isShallow(text)) throw new BadMessage(new EcmError('parse', `A message is at most ${limits.depth} deep.`));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new BadMessage(new EcmError('parse', 'A message is one object of JSON.'));
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new BadMessage(new EcmError('invalid', 'A message is one object, and no list of them.'));
  return toMessage(json as Readonly<Record<string, unknown>>); // what an object of JSON is
};

const toMessage = (json: Readonly<Record<string, unknown>>): Message => {
  const isAnswer = !('method' in json) && ('result' in json || 'error' in json);
  const id = MessageIds.safeParse(json.id).data ?? null;
  const bad = (advice: string, field: string) => new BadMessage(new EcmError('invalid', advice, field), id, isAnswer);
  if (json.jsonrpc !== '2.0') throw bad('The member jsonrpc is "2.0".', 'jsonrpc');
  if (isAnswer) {
    if ('result' in json && 'error' in json) throw bad('An answer has a result or an error, not both.', 'result');
    if ('result' in json) {
      if (id === null) throw bad('An answer repeats the id of its request.', 'id');
      return { type: 'result', id, result: json.result };
    }
    const error = RemoteError.safeParse(json.error);
    if (!error.success) throw bad('An error has a code and a message.', 'error');
    const { code, message, data } = error.data;
    return { type: 'error', id, error: new EcmError(kindOfCode(code), message.slice(0, 1_000), data?.field ?? null) };
  }
  const { method, params } = json;
  if (typeof method !== 'string' || !/^[a-z.]{1,64}$/.test(method))
    throw bad('The member method is the name of one, in small letters and dots.', 'method');
  if (!('id' in json)) return { type: 'notification', method, params };
  if (id === null) throw bad('An id has 1 to 64 characters, or is a whole number.', 'id');
  return { type: 'request', id, method, params };
};

/** Counts brackets outside of strings, so that nothing is built of a message that only wants to be deep. */
const isShallow = (text: string): boolean => {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      // To the end of the string; a quote behind an odd number of backslashes is part of it.
      for (at++; at < text.length && text.charCodeAt(at) !== 0x22; at++) if (text.charCodeAt(at) === 0x5c) at++;
    } else if (code === 0x7b || code === 0x5b) {
      if (++depth > limits.depth) return false;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return true;
};

/** @throws EcmError `too_large` where it would be larger than the other side takes. */
const encode = (message: object): string => {
  const text = JSON.stringify({ jsonrpc: '2.0', ...message });
  if (text.length > limits.messageBytes || Buffer.byteLength(text) > limits.messageBytes)
    throw new EcmError('too_large', `A message has at most ${limits.messageBytes} bytes.`);
  return text;
};

export const encodeRequest = (id: MessageId, method: string, params: object): string => encode({ id, method, params });
export const encodeNotification = (method: string, params: object): string => encode({ method, params });
export const encodeResult = (id: MessageId, result: object): string => encode({ id, result });
export const encodeError = (id: MessageId | null, error: EcmError, correlation: string | null): string =>
  encode({
    id,
    error: {
      code: errorCodes[error.kind],
      message: error.advice.slice(0, 1_000),
      data: { kind: error.kind, correlation, retry: mayRepeat(error.kind), field: error.field?.slice(0, 200) ?? null },
    },
  });

/** The correlation of params that may be anything; null where they have none. */
export const correlationOf = (params: unknown): string | null =>
  typeof params === 'object' && params !== null && 'correlation' in params
    ? (Id.safeParse(params.correlation).data ?? null)
    : null;
