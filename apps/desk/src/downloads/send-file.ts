import { Readable } from 'node:stream';
import type { Reply } from '@gatehouse/server';
import { type Transcript, transcriptHtml, transcriptText } from '../report/index.ts';

export const json = 'application/json; charset=utf-8';
export const binary = 'application/octet-stream';

export interface Opened {
  readonly bytes: number | null;
  readonly body: AsyncIterable<Uint8Array>;
}

/** It does nothing in the browser that shows it, whatever stands in it, and nobody keeps it on the way. */
export const sendFile = (reply: Reply, name: string, type: string, content: string | Opened, isShown = false) => {
  const safe =
    name
      .toWellFormed()
      .replaceAll(/[^A-Za-z0-9._-]+/g, '_')
      .slice(-150) || 'file';
  const full = encodeURIComponent(
    name
      .toWellFormed()
      .replaceAll(/[\p{Cc}/\\]/gu, '_')
      .slice(-150)
      .toWellFormed(),
  );
  reply
    .type(type)
    .header('content-disposition', `${isShown ? 'inline' : 'attachment'}; filename="${safe}"; filename*=UTF-8''${full}`)
    .header('content-security-policy', "default-src 'none'; media-src 'self'; sandbox")
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-store');
  if (typeof content === 'string') return reply.send(content);
  if (content.bytes !== null) reply.header('content-length', content.bytes);
  return reply.send(Readable.from(content.body));
};

export const sendTranscript = (reply: Reply, name: string, transcript: Transcript, form: 'text' | 'html' | 'json') => {
  if (form === 'json') return sendFile(reply, `${name}.json`, json, JSON.stringify(transcript, null, 2));
  if (form === 'html') return sendFile(reply, `${name}.html`, 'text/html; charset=utf-8', transcriptHtml(transcript));
  return sendFile(reply, `${name}.txt`, 'text/plain; charset=utf-8', transcriptText(transcript));
};
