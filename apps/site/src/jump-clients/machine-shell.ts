import { newId, toFault } from '@gatehouse/kernel';
import type { Act, ServerSocket, SocketListener } from '@gatehouse/server';
import { type MachineHeard, MachineSaid, type MachineSize } from '../api/jump-clients.ts';
import { createCast, type RecordingParts, startRecording } from '../recordings/index.ts';
import { insertShell, noteMachine } from '../support/index.ts';
import type { JumpHub } from './hub.ts';
import type { Machine } from './machine.ts';
import { type WatchParts, watchMachine } from './watch-machine.ts';

export interface ShellParts extends RecordingParts, WatchParts {
  readonly hub: JumpHub;
  /** What a minute of a session policy lasts. */
  readonly minuteMs: number;
}

export interface ShellErrand {
  readonly act: Act;
  readonly machine: Machine;
  readonly size: MachineSize;
}

const term = 'xterm-256color';
const flushMs = 300;

/** A shell of the machine of a session, for the page that connected: it ends with the page, and with its session. */
export const serveShell = (parts: ShellParts, errand: ShellErrand, socket: ServerSocket): SocketListener => {
  const tell = (heard: MachineHeard) => void socket.send(JSON.stringify(heard)).catch(() => undefined);
  const stop = Promise.withResolvers<string>();
  let take: Taking | null = null;
  void run(parts, errand, { tell, show: socket.send, stop: stop.promise, take: (to) => (take = to) })
    .catch((error: unknown) => {
      parts.log.info({ err: error, lsid: errand.machine.member.lsid }, 'a shell of a machine failed');
      return toFault(error).advice;
    })
    .then((reason) => {
      tell({ type: 'over', reason });
      socket.close(1000, 'The shell is over.');
    });
  return {
    text(text) {
      const said = MachineSaid.safeParse(jsonOf(text)).data;
      if (said === undefined) socket.close(1008, 'This is no message of a shell.');
      else take?.resize(said);
    },
    bytes(bytes) {
      if (take === null || take.type(bytes)) return;
      socket.pause();
      take.onRoom(socket.resume);
    },
    closed: () => stop.resolve('Its page was closed.'),
  };
};

/** What comes from the page. */
interface Taking {
  resize(size: MachineSize): void;
  /** False: wait for room. */
  type(bytes: Buffer): boolean;
  onRoom(listener: () => void): void;
}

interface Page {
  tell(heard: MachineHeard): void;
  show(bytes: Buffer): Promise<void>;
  /** Resolves with why it ends from here. */
  readonly stop: Promise<string>;
  take(taking: Taking | null): void;
}

/** Resolves with why it is over. */
const run = async (parts: ShellParts, errand: ShellErrand, page: Page): Promise<string> => {
  const { hub, database, clock, lookMs, minuteMs } = parts;
  const { machine, size, act } = errand;
  const { member, client, rules } = machine;
  const { channel } = await hub.open(client.id, { kind: 'shell', term, ...size });
  const { stream } = channel;
  const shell = newId<string>();
  const end = Promise.withResolvers<string>();
  void page.stop.then(end.resolve);
  const watch = watchMachine(parts, act, machine);
  void watch.ended.then(end.resolve);
  let touchedAt = performance.now();
  const idleMs = (rules.idleMinutes ?? Number.POSITIVE_INFINITY) * minuteMs;
  const idle = setInterval(() => {
    if (performance.now() - touchedAt > idleMs) end.resolve('Nothing was done in it for too long.');
  }, lookMs);
  const note = (event: 'shell_opened' | 'shell_closed') =>
    database.system((tx) => noteMachine({ tx, by: act, now: clock.now() }, member, event, { shell }));
  try {
    await database.system((tx) => insertShell(tx, member, shell, clock.now()));
    const cast = createCast({ ...size, startedAt: clock.now(), title: client.name, term });
    const writer = machine.isRecorded
      ? await startRecording(parts, { sessionId: shell, format: 'asciicast', flushMs }, ({ advice }) =>
          end.resolve(advice),
        )
      : null;
    try {
      await writer?.write(cast.header());
      await note('shell_opened');
      page.take({
        resize(to) {
          channel.say({ type: 'resize', columns: to.columns, rows: to.rows });
          void writer?.write(cast.resize(to.columns, to.rows));
        },
        type(bytes) {
          touchedAt = performance.now();
          if (rules.recordInput) void writer?.write(cast.input(bytes));
          return stream.writable && stream.write(bytes);
        },
        onRoom: (listener) => void stream.once('drain', listener),
      });
      page.tell({ type: 'open', shell, isRecorded: writer !== null });
      const shown = (async () => {
        for await (const bytes of stream.iterator({ destroyOnReturn: false })) {
          // Kept first: nothing is seen that is not recorded.
          await writer?.write(cast.output(bytes));
          await page.show(bytes);
        }
        return 'The shell ended.';
      })();
      shown.catch(() => undefined);
      return await Promise.race([shown, end.promise]);
    } finally {
      page.take(null);
      await writer?.end();
      await note('shell_closed');
    }
  } finally {
    clearInterval(idle);
    watch.stop();
    stream.destroy();
  }
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
