import { Fault } from '@gatehouse/kernel';
import type { Answered } from './fetch-at.ts';
import { bounded, redact } from './redact.ts';
import { faultOf } from './words.ts';

/** A body larger than its client accepts. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
  readonly limit: number;

  constructor(limit: number) {
    super(`more than ${limit} bytes`);
    this.limit = limit;
  }
}

/** Reads at most `maxBytes` (after decompression); `beat` is called for every piece, so that a stall can be noticed. */
export const readBytes = async (
  response: Answered,
  maxBytes: number,
  beat: () => void,
): Promise<Uint8Array<ArrayBuffer>> => {
  const { body } = response;
  if (body === null) return new Uint8Array();
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    response.leave();
    throw new TooLarge(maxBytes);
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop by a throw cancels the stream, and with it the connection.
  for await (const piece of body) {
    beat();
    length += piece.byteLength;
    if (length > maxBytes) throw new TooLarge(maxBytes);
    pieces.push(piece);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
};

/** JSON where it is JSON, null where it is empty, text otherwise. A web page and JSON that breaks off are Faults. */
export const parseBody = (bytes: Uint8Array, headers: Headers, from: { system: string; request: string }): unknown => {
  const type = headers.get('content-type') ?? '';
  const text = textOf(bytes, type);
  if (text.trim() === '') return null;
  const { system, request } = from;
  if (/\bhtml\b/i.test(type) || /^\s*<(?:!doctype html|html)\b/i.test(text)) {
    const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1]?.trim() ?? '';
    throw webPage(
      system,
      `${request}: a web page${title === '' ? '' : ` titled "${redact(bounded(title, 100))}"`} instead of JSON`,
    );
  }
  const isJson = /[/+]json\b/i.test(type);
  if (!isJson && !/^\s*[[{"]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own message quotes the body, which may hold a token.
    if (!isJson) return text;
    throw faultOf(
      'unexpected',
      system,
      `${request}: ${bytes.byteLength} bytes that begin like JSON and are not: broken off or damaged`,
    );
  }
};

/** UTF-8 as JSON has to be (RFC 8259), whatever its type says; what is no UTF-8 is in the charset of its type. */
const textOf = (bytes: Uint8Array, type: string): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const [, charset = ''] = /;\s*charset\s*=\s*["']?([\w.:-]+)/i.exec(type) ?? [];
    return decoderOf(charset).decode(bytes);
  }
};

const decoderOf = (charset: string): TextDecoder => {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder(); // nobody knows that charset: what is wrong in it becomes U+FFFD
  }
};

/** The body of a refusal: JSON where it is JSON, else text; never a reason to fail. */
export const wordsOf = (bytes: Uint8Array): unknown => {
  const text = new TextDecoder().decode(bytes.subarray(0, 262_144));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text.slice(0, 2_000);
  }
};

const webPage = (system: string, detail: string): Fault =>
  new Fault(
    'unexpected',
    `The address answered with a web page, not with the interface of ${system}. Check the address.`,
    bounded(detail),
  );
