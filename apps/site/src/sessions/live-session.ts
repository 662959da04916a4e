import { Fault, toFault } from '@gatehouse/kernel';
import type { ServerSocket, SocketListener } from '@gatehouse/server';
import type { Session, SessionMessage } from '../api/console.ts';
import type { Cast, RecordingWriter } from '../recordings/index.ts';
import { createGuests, type Guest, type Guests } from './guests.ts';
import type { End, Errand, SessionParts } from './model.ts';
import { createPage, type Page } from './page.ts';
import { parseRequest } from './request.ts';
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
  /** Its row is so now; nothing after its end. */
  update(session: Session): void;
  /** Its row has ended: the last thing that its page is told. */
  finish(session: Session): void;
  /** Resolves when it did. */
  readonly finished: Promise<void>;
  /** For its page: the one that is there, and the next one. */
  note(text: string | null): void;
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
  /** Those who joined it. */
  readonly guests: Guests;
  /** Somebody joins; its person is told. */
  admit(guest: Guest): void;
  /** They are gone; false: they had been before. */
  dismiss(userId: number, words: string): boolean;
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
  let mark: ((name: string) => void) | null = null;
  let lastNote: string | null = null;
  const watchers: string[] = [];

  /** To everybody who is in it. */
  const tell = (message: SessionMessage) => {
    page?.tell(message);
    guests.tell(message);
  };
  let isFinished = false;
  const update = (now: Session) => {
    if (isFinished) return;
    session = now;
    tell({ type: 'session', session });
  };
  const tellWatchers = () => tell({ type: 'watched', by: [...new Set(watchers)] });
  const tellGuests = () => tell({ type: 'joined', by: guests.list().map(({ guest }) => guest.name) });
  const greet = (own: Page) => {
    own.tell({ type: 'session', session });
    own.beat();
    if (shell !== null) {
      own.tell({ type: 'terminal', ...shell.size });
      void own.show(shell.screen());
    }
    if (watchers.length > 0) own.tell({ type: 'watched', by: [...new Set(watchers)] });
    const names = guests.list().map(({ guest }) => guest.name);
    if (names.length > 0) own.tell({ type: 'joined', by: names });
  };
  let typist = errand.userId;
  const type = (by: { readonly userId: number; readonly name: string }, bytes: Buffer, socket: ServerSocket) => {
    if (shell === null) return;
    // Whose keys these are is in the recording, whether or not the keys are.
    if (by.userId !== typist) mark?.(`${by.name} types`);
    typist = by.userId;
    recordInput?.(bytes);
    if (shell.type(bytes)) return;
    socket.pause();
    shell.onDrain(() => socket.resume());
  };
  const guests = createGuests({ beatMs: pace.beatMs, greet, type });
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
      guests.tell({ type: 'size', columns: request.columns, rows: request.rows });
      recordResize?.(request.columns, request.rows);
    },
    bytes(bytes) {
      if (page !== own || shell === null) return;
      touch();
      type({ userId: errand.userId, name: session.person.name }, bytes, socket);
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
    update,
    async change(change) {
      const changed = await database.system((tx) => changeSession(tx, errand.id, change));
      // It ended meanwhile: its end is what counts.
      if (changed !== null) update(changed);
    },
    finish(last) {
      update(last);
      isFinished = true;
      page?.close(1000, 'The session is over.');
      page = null;
      guests.close();
      finished.resolve();
    },
    note(note) {
      lastNote = note;
      if (note !== null) page?.tell({ type: 'note', note });
    },
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
      greet(own);
      if (lastNote !== null) own.tell({ type: 'note', note: lastNote });
      return listen(own, socket);
    },
    async runShell(opened, record) {
      shell = opened;
      if (record !== null) {
        const { writer, cast } = record;
        recordResize = (columns, rows) => void writer.write(cast.resize(columns, rows));
        mark = (name) => void writer.write(cast.mark(name));
        if (errand.rules.recordInput) recordInput = (bytes) => void writer.write(cast.input(bytes));
      }
      page?.tell({ type: 'terminal', ...opened.size });
      try {
        await opened.run(async (bytes) => {
          // Kept first: nothing is seen that is not recorded.
          if (record !== null) await record.writer.write(record.cast.output(bytes));
          guests.show(bytes);
          await page?.show(bytes);
        });
      } finally {
        shell = null;
      }
    },
    shell: () => shell,
    guests,
    admit(guest) {
      guests.admit(guest);
      mark?.(`${guest.name} joins`);
      tellGuests();
    },
    dismiss(userId, words) {
      const name = guests.list().find(({ guest }) => guest.userId === userId)?.guest.name;
      if (!guests.dismiss(userId, words)) return false;
      mark?.(`${name} leaves`);
      tellGuests();
      return true;
    },
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
