import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from '@gatehouse/host/testing';
import type { TestClient } from '@gatehouse/server/testing';
import type { HeardInSession, LiveEvent, LiveSession } from '../../api/live.ts';
import { until } from '../../testing/errands.ts';
import { headersOf } from '../../testing/page-socket.ts';

/** The page of somebody in a support session, with everything that it heard. */
export interface LivePage {
  readonly heard: HeardInSession[];
  /** Parts of screens, as they came. */
  readonly drawn: Buffer[];
  readonly events: () => LiveEvent[];
  readonly session: () => LiveSession | undefined;
  /** What was said, in the order it stands. */
  readonly words: () => string[];
  say(text: string, id?: string): void;
  send(message: object | Buffer): void;
  /** As it stands, whatever it is. */
  sendText(text: string): void;
  until(is: (page: LivePage) => boolean): Promise<void>;
  close(): Promise<void>;
  /** With the close code. */
  readonly closed: Promise<number>;
}

type Person = Pick<TestClient, 'url' | 'cookies'>;
export const customerLine = '/api/portal/session/live';
export const representativeLine = (lsid: string) => `/api/support/sessions/${lsid}/live`;

export const openLivePage = async (person: Person, path: string, after = 0): Promise<LivePage> => {
  const socket = new WebSocket(`${person.url.replace(/^http/, 'ws')}${path}?after=${after}`, {
    headers: headersOf(person),
  });
  const heard: HeardInSession[] = [];
  const drawn: Buffer[] = [];
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) drawn.push(data);
    else heard.push(JSON.parse(data.toString('utf8')));
  });
  const closed = new Promise<number>((resolve) => socket.once('close', (code: number) => resolve(code)));
  const failed = new Promise<never>((_, reject) => {
    socket.once('error', reject);
  });
  failed.catch(() => undefined);
  await Promise.race([once(socket, 'open'), failed]);
  const events = () => heard.flatMap((one) => (one.type === 'events' ? one.events : []));
  const page: LivePage = {
    ...{ heard, drawn, closed, events },
    session: () => heard.findLast((one) => one.type === 'session')?.session,
    words: () => events().flatMap(({ type, body }) => (type === 'chat_message' ? [String(body.text)] : [])),
    say: (text, id = randomUUID()) => socket.send(JSON.stringify({ type: 'chat', id, text })),
    send: (message) => socket.send(Buffer.isBuffer(message) ? message : JSON.stringify(message)),
    sendText: (text) => socket.send(text),
    until: (is) =>
      until(
        () => is(page),
        () => heard.slice(-5),
      ),
    async close() {
      socket.close();
      await closed;
    },
  };
  return page;
};
