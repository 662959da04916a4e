import { Fault, toFault } from '@gatehouse/kernel';
import type { ServerSocket, SocketListener } from '@gatehouse/server';
import { type Session, SessionRequest } from '../api/console.ts';
import type { Cast, RecordingWriter } from '../recordings/index.ts';
import type { End, Errand, SessionParts } from './model.ts';
import { createPage, type Page } from './page.ts';
import type { Shell } from './shell.ts';
import { changeSession, type SessionChange } from './store.ts';

/** A session of this copy of the program, from the click to its end. */
export interface LiveSession {
  readonly errand: Errand;
  /** As it was written down last. */
  session(): Session;
  /** Aborts when it is over. */
  readonly signal: AbortSignal;
  readonly over: Promise<End>;
  /** The first end counts. */
  end(end: End): void;
  isOver(): boolean;
  /** Writes down what changed, and tells its page. */
  change(change: SessionChange): Promise<void>;
  /** Its row has ended: the last thing that its page is told. */
  finish(session: Session): void;
  /** Resolves when it did. */
  readonly finished: Promise<void>;
  note(text: string): void;
  /** Its person did something. */
  touch(): void;
  /** Milliseconds since then. */
  idleMs(): number;
  /** Milliseconds since it was asked for. */
  ageMs(): number;
  /** Milliseconds since its page is gone; null: it is there. */
  leftMs(): number | null;
  warn(endsInSeconds: number): void;
  /** The page of its person connects; the one before it goes. */
  join(socket: ServerSocket): SocketListener;
  /** From now on it has a terminal. Resolves when the endpoint ended it. */
  runShell(shell: Shell, record: { readonly writer: RecordingWriter; readonly cast: Cast } | null): Promise<void>;
  /** How a page connects to its desktop; null: it has none any more. */
  offerDesktop(join: ((socket: ServerSocket) => SocketListener) | null): void;
  desktop(): ((socket: ServerSocket) => SocketListener) | null;
  /** Something broke that nobody waits for. */
  fail(error: unknown): void;
  /** The terminal; null where there is none yet, or any more. */
  shell(): Shell | null;
  /** Its person is told who watches. Returns what ends it. */
  watch(name: string): () => void;
}

export const createLiveSession = (
  { database, pace }: Pick<SessionParts, 'database' | 'pace'>,
  errand: Errand,
  first: Session,
): LiveSession => {
  const stop = new AbortController();
  const over = Promise.withResolvers<End>();
  const finished = Promise.withResolvers<void>();
  let session = first;
  let page: Page | null = null;
  let leftAt: number | null = performance.now();
  const begunAt = performance.now();
  let touchedAt = begunAt;
  let shell: Shell | null = null;
  let recordInput: ((bytes: Buffer) => void) | null = null;
  let recordResize: ((columns: number, rows: number) => void) | null = null;
  let desktop: ((socket: ServerSocket) => SocketListener) | null = null;
  const watchers: string[] = [];

  const tellWatchers = () => page?.tell({ type: 'watched', by: [...new Set(watchers)] });
  const touch = () => {
    touchedAt = performance.now();
  };

  const listen = (own: Page, socket: ServerSocket): SocketListener => ({
    text(text) {
      const request = parseRequest(text);
      if (request === null) return own.close(1008, 'This is no message of a session.');
      touch();
      if (request.type !== 'resize' || page !== own) return;
      shell?.resize(request);
      recordResize?.(request.columns, request.rows);
    },
    bytes(bytes) {
      if (page !== own || shell === null) return;
      touch();
      recordInput?.(bytes);
      if (shell.type(bytes)) return;
      socket.pause();
      shell.onDrain(() => socket.resume());
    },
    closed() {
      own.left();
      if (page !== own) return;
      page = null;
      leftAt = performance.now();
    },
  });

  const end = (reason: End) => {
    over.resolve(reason);
    stop.abort(new Fault('unexpected', reason.problem ?? 'The session is over.'));
  };

  return {
    ...{ end, errand, signal: stop.signal, over: over.promise, finished: finished.promise, touch },
    session: () => session,
    isOver: () => stop.signal.aborted,
    fail: (error) => end({ ending: 'failed', by: null, problem: toFault(error).advice }),
    offerDesktop(join) {
      desktop = join;
    },
    desktop: () => desktop,
    async change(change) {
      const changed = await database.system((tx) => changeSession(tx, errand.id, change));
      // It ended meanwhile: its end is what counts.
      if (changed === null) return;
      session = changed;
      page?.tell({ type: 'session', session });
    },
    finish(last) {
      session = last;
      page?.tell({ type: 'session', session });
      page?.close(1000, 'The session is over.');
      page = null;
      finished.resolve();
    },
    note: (note) => page?.tell({ type: 'note', note }),
    idleMs: () => performance.now() - touchedAt,
    ageMs: () => performance.now() - begunAt,
    leftMs: () => (leftAt === null ? null : performance.now() - leftAt),
    warn: (endsInSeconds) => page?.tell({ type: 'idle', endsInSeconds }),
    join(socket) {
      page?.tell({ type: 'taken' });
      page?.close(4409, 'Another page took this session.');
      const own = createPage(socket, pace.beatMs);
      page = own;
      leftAt = null;
      touch();
      own.tell({ type: 'session', session });
      own.beat();
      if (shell !== null) {
        own.tell({ type: 'terminal', ...shell.size });
        void own.show(shell.screen());
      }
      if (watchers.length > 0) tellWatchers();
      return listen(own, socket);
    },
    async runShell(opened, record) {
      shell = opened;
      if (record !== null) {
        const { writer, cast } = record;
        recordResize = (columns, rows) => void writer.write(cast.resize(columns, rows));
        if (errand.rules.recordInput) recordInput = (bytes) => void writer.write(cast.input(bytes));
      }
      page?.tell({ type: 'terminal', ...opened.size });
      try {
        await opened.run(async (bytes) => {
          // Kept first: nothing is seen that is not recorded.
          if (record !== null) await record.writer.write(record.cast.output(bytes));
          await page?.show(bytes);
        });
      } finally {
        shell = null;
      }
    },
    shell: () => shell,
    watch(name) {
      watchers.push(name);
      tellWatchers();
      return () => {
        const at = watchers.indexOf(name);
        if (at !== -1) watchers.splice(at, 1);
        tellWatchers();
      };
    },
  };
};

const parseRequest = (text: string): SessionRequest | null => {
  try {
    const { data } = SessionRequest.safeParse(JSON.parse(text));
    return data ?? null;
  } catch {
    return null;
  }
};
