import { once } from 'node:events';
import { WebSocket } from '@gatehouse/host/testing';
import type { TestClient } from '@gatehouse/server/testing';
import type { Session, SessionMessage } from '../api/console.ts';
import { until } from './errands.ts';

/** Whoever is signed in. */
type Person = Pick<TestClient, 'url' | 'cookies'>;

/** A page of the console as the site sees it, with everything that it was ever sent. */
export interface PageSocket {
  readonly socket: WebSocket;
  readonly messages: SessionMessage[];
  /** Each frame that came, text and bytes. */
  readonly frames: Buffer[];
  /** What the terminal showed last. */
  text(): string;
  session(): Session | undefined;
  type(text: string): void;
  ask(request: object): void;
  /** Resolves once the terminal has shown it. */
  shown(text: string | RegExp): Promise<void>;
  is(state: Session['state']): Promise<Session>;
  /** With the close code. */
  readonly closed: Promise<number>;
}

export const headersOf = (person: Person): Record<string, string> => ({
  cookie: [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
  origin: new URL(person.url).origin,
});

export const openPage = async (person: Person, sessionId: string, part = 'socket'): Promise<PageSocket> => {
  const url = `${person.url.replace(/^http/, 'ws')}/api/console/sessions/${sessionId}/${part}`;
  const socket = new WebSocket(url, { headers: headersOf(person) });
  const messages: SessionMessage[] = [];
  const frames: Buffer[] = [];
  let text = '';
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    frames.push(data);
    if (isBinary) text = (text + data.toString('utf8')).slice(-100_000);
    else messages.push(JSON.parse(data.toString('utf8')));
  });
  socket.on('error', () => undefined);
  const closed = new Promise<number>((resolve) => socket.once('close', (code: number) => resolve(code)));
  await once(socket, 'open');
  const session = () => messages.flatMap((one) => (one.type === 'session' ? [one.session] : [])).at(-1);
  return {
    ...{ socket, messages, frames, closed, session },
    text: () => text,
    type: (typed) => socket.send(Buffer.from(typed)),
    ask: (request) => socket.send(JSON.stringify(request)),
    shown: (wanted) =>
      until(
        () => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)),
        () => ({ text: text.slice(-2_000), session: session() }),
      ),
    async is(state) {
      await until(() => session()?.state === state, session);
      const now = session();
      if (now === undefined) throw new Error('no session');
      return now;
    },
  };
};
