import { Problem } from '@gatehouse/ui';
import type { SessionMessage } from '../../../src/api/console.ts';
import type { OwnSession, Session } from '../api/paths.ts';

/** Where the terminal of a session is drawn. */
export interface Screen {
  /** Starts with an empty terminal of this size. */
  begin(columns: number, rows: number): void;
  /** The window of the one whose session it is has another size: of a guest's screen. */
  resize(columns: number, rows: number): void;
  write(bytes: Uint8Array): void;
}

export interface LineState {
  readonly session: Session | null;
  /** The session is somebody else's. */
  readonly isGuest: boolean;
  /** `taken`: another page has the session now. `over`: it ended, or its guest left. */
  readonly link: 'connecting' | 'open' | 'lost' | 'taken' | 'over';
  /** Why a guest is in it no longer. */
  readonly dismissed: string | null;
  /** Everybody who joined it. */
  readonly guests: readonly string[];
  readonly notes: readonly string[];
  readonly watchedBy: readonly string[];
  /** Milliseconds of the clock at which the session ends because nothing is done in it. */
  readonly idleEndsAt: number | null;
  /** Why there is no session to show. */
  readonly error: Error | null;
}

/** The browser's end of one session: comes back by itself until the session is over or another page took it. */
export interface SessionLine {
  state(): LineState;
  subscribe(changed: () => void): () => void;
  /** What is on the terminal is drawn first. Returns what takes the screen away again. */
  draw(screen: Screen): () => void;
  type(bytes: Uint8Array<ArrayBuffer>): void;
  resize(columns: number, rows: number): void;
  stay(): void;
  /** Connects at once: after a loss, or to take the session back. */
  connect(): void;
  close(): void;
}

const fresh: LineState = {
  ...{ session: null, isGuest: false, link: 'connecting', dismissed: null, guests: [] },
  ...{ notes: [], watchedBy: [], idleEndsAt: null, error: null },
};
const mostNotes = 6;
/** What a screen that is not there yet is kept, at most. */
const mostPending = 4_000_000;
const taken = 4_409;
/** How long the site may take to answer, and to say something for the first time. */
const patienceMs = 15_000;

export const openLine = (id: string, find: (signal: AbortSignal) => Promise<OwnSession>): SessionLine => {
  let state = fresh;
  let socket: WebSocket | null = null;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let heardAt = 0;
  /** How long the site may be silent before it is taken for cut off. */
  let quietMs = patienceMs;
  let screen: Screen | null = null;
  let pending: ((screen: Screen) => void)[] = [];
  let pendingBytes = 0;
  let isDrawn = false;
  const gone = new AbortController();
  const listeners = new Set<() => void>();

  const set = (change: Partial<LineState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  const show = (session: Session) => {
    const isOver = session.state === 'ended';
    set({ session, error: null, ...(isOver ? { link: 'over', idleEndsAt: null } : {}) });
    if (isOver) hangUp();
  };
  const drawOn = (act: (screen: Screen) => void, bytes = 0) => {
    if (screen !== null) return act(screen);
    pendingBytes += bytes;
    // Whoever has looked at no screen for so long gets it from the site anew.
    if (pendingBytes > mostPending) return void socket?.close(4_000);
    pending.push(act);
  };
  const hangUp = () => {
    clearTimeout(timer);
    const old = socket;
    socket = null;
    old?.close(1_000);
  };

  const hear = (message: SessionMessage) => {
    switch (message.type) {
      case 'session':
        return show(message.session);
      case 'note':
        return set({ notes: [...state.notes, message.note].slice(-mostNotes) });
      case 'terminal':
        pending = [];
        pendingBytes = 0;
        return drawOn((on) => on.begin(message.columns, message.rows));
      case 'watched':
        return set({ watchedBy: message.by });
      case 'joined':
        return set({ guests: message.by });
      case 'size':
        return drawOn((on) => on.resize(message.columns, message.rows));
      case 'dismissed':
        set({ dismissed: message.words, link: 'over', idleEndsAt: null });
        return hangUp();
      case 'idle':
        return set({ idleEndsAt: Date.now() + message.endsInSeconds * 1_000 });
      case 'beat':
        quietMs = message.nextMs + patienceMs;
        return;
      case 'taken':
        return set({ link: 'taken', idleEndsAt: null, watchedBy: [] });
    }
  };

  /** A socket says nothing about why it was not let in, so the session is asked for before each attempt. */
  const connect = async () => {
    hangUp();
    if (state.link !== 'lost') set({ link: 'connecting' });
    try {
      const found = await find(AbortSignal.any([gone.signal, AbortSignal.timeout(patienceMs)]));
      set({ isGuest: found.role !== 'person' });
      if (found.role === 'left' && found.state !== 'ended') set({ dismissed: 'You left.', link: 'over' });
      show(found);
    } catch (error) {
      if (gone.signal.aborted) return;
      const problem = error instanceof Error ? error : new Error(String(error));
      // Gone, or not this person's: coming back changes nothing.
      if (problem instanceof Problem && [401, 403, 404].includes(problem.status)) return set({ error: problem });
      if (state.session === null) set({ error: problem });
      return retry();
    }
    if (gone.signal.aborted || state.link === 'over') return;
    const own = new WebSocket(`/api/console/sessions/${id}/socket`);
    own.binaryType = 'arraybuffer';
    socket = own;
    heardAt = performance.now();
    quietMs = patienceMs;
    own.onopen = () => {
      failures = 0;
      // Until it says how often it is heard of.
      quietMs = Number.POSITIVE_INFINITY;
      if (own === socket) set({ link: 'open', notes: [] });
    };
    own.onmessage = ({ data }) => {
      if (own !== socket) return;
      heardAt = performance.now();
      if (typeof data === 'string') return hear(JSON.parse(data));
      const bytes = new Uint8Array(data);
      drawOn((on) => on.write(bytes), bytes.length);
    };
    own.onclose = ({ code }) => {
      if (own !== socket) return;
      socket = null;
      if (code === taken || state.link === 'taken') return set({ link: 'taken' });
      retry();
    };
  };
  const retry = () => {
    set({ link: 'lost' });
    failures += 1;
    // The first time at once: a page that was asleep is back quickly.
    const delayMs = failures === 1 ? 0 : Math.min(10_000, 500 * 2 ** failures);
    timer = setTimeout(() => void connect(), delayMs);
  };
  const say = (message: object) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };
  const wasThere = () => {
    if (state.idleEndsAt !== null) set({ idleEndsAt: null });
  };

  // A network that only swallows what is sent closes no socket.
  const watch = setInterval(() => {
    if (socket === null || performance.now() - heardAt < quietMs) return;
    hangUp();
    retry();
  }, 1_000);

  void connect();
  return {
    state: () => state,
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    draw(on) {
      screen = on;
      // What another screen has drawn, only the site has.
      if (isDrawn) void connect();
      isDrawn = true;
      for (const act of pending) act(on);
      pending = [];
      pendingBytes = 0;
      return () => {
        if (screen === on) screen = null;
      };
    },
    type(bytes) {
      if (socket?.readyState !== WebSocket.OPEN) return;
      socket.send(bytes);
      wasThere();
    },
    resize: (columns, rows) => say({ type: 'resize', columns, rows }),
    stay() {
      say({ type: 'stay' });
      wasThere();
    },
    connect: () => void connect(),
    close() {
      gone.abort();
      clearInterval(watch);
      hangUp();
      listeners.clear();
    },
  };
};
