import type { ServerSocket, SocketListener } from '@gatehouse/server';
import { type HeardInSession, SaidInSession as Said, type SaidInSession, screenPart } from '../../api/live.ts';
import type { Support } from '../open-support.ts';
import type { Member } from '../participants.ts';
import { type ScreenKeeper, shareScreen } from '../screen.ts';
import { type Connection, toConnection } from './connection.ts';
import { passSignal, passToOthers } from './signals.ts';

/** So many messages may wait to be done; whoever says more at once is not a person. */
const mostWaiting = 200;
/** A second; chats, and everything else that is no part of a screen. */
const mostPerSecond = 50;
/** Of a screen: many times what a recording has. */
const mostBytesPerSecond = 4_000_000;

/** With which one browser shows its screen to another. */
const shows: ReadonlySet<string> = new Set(['offer', 'candidate']);

/** The line to the page of one participant: what it says is done in order, and it hears what happens. */
export const openLine = (support: Support, who: Member, after: number): ((socket: ServerSocket) => SocketListener) => {
  const { lsid, gsnumber, kind } = who;
  const { database, clock, log, hub, chats } = support;

  return (socket) => {
    const connection: Connection = toConnection(socket, { lsid, gsnumber, kind, last: after });
    let screen: ScreenKeeper | null = null;
    let relayTo: readonly number[] = [];
    let doing: Promise<void> = Promise.resolve();
    let waiting = 0;
    let second = 0;
    let saidThen = 0;
    let drawnThen = 0;
    hub.add(connection);

    const pass = (to: readonly number[], heard: HeardInSession): Promise<void> =>
      database.system((tx) =>
        passSignal(tx, { lsid, from: gsnumber, to, body: Buffer.from(JSON.stringify(heard)) }, clock.now()),
      );

    const act = async (said: SaidInSession): Promise<void> => {
      switch (said.type) {
        case 'chat':
          if (!(await chats.say({ lsid, gsnumber, id: said.id, text: said.text })))
            connection.hear({ type: 'refused', id: said.id, words: 'You are not in this session any more.' });
          return;
        case 'typing': {
          const body = Buffer.from(JSON.stringify({ type: 'typing', from: gsnumber } satisfies HeardInSession));
          return database.system((tx) => passToOthers(tx, { lsid, from: gsnumber, body }, clock.now()));
        }
        case 'signal':
          // A page that is not ours could show its screen so where nobody may, and where nobody would note it.
          if (kind === 'customer' && screen === null && shows.has(said.signal.kind)) return;
          return pass([said.to], { type: 'signal', from: gsnumber, signal: said.signal });
        case 'screen':
          await screen?.end();
          screen = null;
          relayTo = [];
          if (said.on && kind === 'customer') screen = await shareScreen(support, who, said.mediaType);
          return;
        case 'relaying':
          relayTo = said.to;
          return;
      }
    };
    const draw = async (part: Buffer): Promise<void> => {
      if (screen === null) return;
      const begins = part[0] === screenPart.begins;
      // Behind a zero byte, which tells it from words.
      const body = Buffer.concat([Buffer.of(0), part]);
      const to = relayTo;
      await Promise.all([
        screen.keep(part.subarray(1), begins),
        to.length > 0 && database.system((tx) => passSignal(tx, { lsid, from: gsnumber, to, body }, clock.now())),
      ]);
    };

    /** In order; a page that says more than is done meanwhile is not read for so long. */
    const next = (work: () => Promise<void>): void => {
      waiting += 1;
      if (waiting === mostWaiting) socket.pause();
      doing = doing
        .then(work)
        .catch((error: unknown) => {
          log.warn({ err: error, lsid }, 'what a page of a support session said was not done');
          socket.close(1011, 'Something went wrong. Connect again.');
        })
        .finally(() => {
          waiting -= 1;
          if (waiting === mostWaiting - 1) socket.resume();
        });
    };
    const isTooMuch = (messages: number, bytes: number): boolean => {
      const now = Math.floor(performance.now() / 1_000);
      if (now !== second) [second, saidThen, drawnThen] = [now, 0, 0];
      saidThen += messages;
      drawnThen += bytes;
      return saidThen > mostPerSecond || drawnThen > mostBytesPerSecond;
    };

    return {
      text(text) {
        if (isTooMuch(1, 0)) return socket.close(1008, 'This page says too much.');
        const said = parse(text);
        if (said === null) return socket.close(1008, 'This message is not understood.');
        next(() => act(said));
      },
      bytes(part) {
        if (part.length < 2 || part.length > screenPart.mostBytes) return socket.close(1009, 'This part is too large.');
        if (isTooMuch(0, part.length)) return socket.close(1008, 'This page sends too much.');
        next(() => draw(part));
      },
      closed() {
        hub.remove(connection);
        next(async () => {
          await screen?.end();
          screen = null;
        });
      },
    };
  };
};

const parse = (text: string): SaidInSession | null => {
  try {
    return Said.parse(JSON.parse(text));
  } catch {
    return null;
  }
};
