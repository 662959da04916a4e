import { Problem } from '@gatehouse/ui';
import type { HeardInSession, LiveEvent, LiveSession, SaidInSession, Signal } from '../../../src/api/live.ts';

/** Words that are on their way, or did not arrive. */
export interface Pending {
  readonly id: string;
  readonly text: string;
  /** Why they were not taken; null: they are on their way. */
  readonly refused: string | null;
}

export interface LiveState {
  readonly you: number;
  readonly session: LiveSession | null;
  readonly events: readonly LiveEvent[];
  readonly pending: readonly Pending[];
  /** Who writes just now. */
  readonly typing: readonly number[];
  /** `over`: the session ended, or they left. */
  readonly link: 'connecting' | 'open' | 'lost' | 'over';
  /** Why there is no session to show. */
  readonly error: Error | null;
}

/** The browser's end of a support session, of either side: comes back by itself, and says again what nobody answered. */
export interface LiveLine {
  state(): LiveState;
  subscribe(changed: () => void): () => void;
  say(text: string): void;
  /** Says words again that were refused, or forgets them. */
  again(id: string): void;
  forget(id: string): void;
  write(): void;
  send(said: Exclude<SaidInSession, { readonly type: 'chat' }>): void;
  /** A part of one's screen. */
  draw(part: Uint8Array<ArrayBuffer>): void;
  onSignal(heard: (from: number, signal: Signal) => void): () => void;
  onPart(drawn: (from: number, begins: boolean, part: Uint8Array<ArrayBuffer>) => void): () => void;
  connect(): void;
  close(): void;
}

export interface LineOptions {
  /** Of the WebSocket. */
  readonly path: string;
  /** How the session is now: a socket does not say why it was not let in. Null: they are in it no longer. */
  find(after: number): Promise<Found | null>;
}

export interface Found {
  readonly session: LiveSession;
  readonly you: number;
  /** After the last that is known, where the answer has them: of a session that is over. */
  readonly events: readonly LiveEvent[];
}

const fresh: LiveState = {
  ...{ you: 0, session: null, events: [], pending: [], typing: [], link: 'connecting', error: null },
};
/** Who wrote is shown as writing for so long. */
const writingMs = 4_000;
/** So much of one's screen may wait to be sent; what comes then is left out. */
const mostUnsent = 3_000_000;

export const openLiveLine = ({ path, find }: LineOptions): LiveLine => {
  let state = fresh;
  let socket: WebSocket | null = null;
  let last = 0;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wroteAt = 0;
  let isClosed = false;
  const writing = new Map<number, ReturnType<typeof setTimeout>>();
  const listeners = new Set<() => void>();
  const signalled = new Set<(from: number, signal: Signal) => void>();
  const drawn = new Set<(from: number, begins: boolean, part: Uint8Array<ArrayBuffer>) => void>();

  const set = (change: Partial<LiveState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  const say = (said: SaidInSession) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(said));
  };
  const hangUp = () => {
    clearTimeout(timer);
    const old = socket;
    socket = null;
    old?.close(1_000);
  };
  const stopWriting = (from: number) => {
    clearTimeout(writing.get(from));
    writing.delete(from);
    set({ typing: [...writing.keys()] });
  };

  const add = (events: readonly LiveEvent[]) => {
    const news = events.filter(({ seq }) => seq > last);
    last = news.at(-1)?.seq ?? last;
    const said = new Set(news.map(({ body }) => body.id));
    for (const { type, performedBy } of news)
      if (type === 'chat_message' && performedBy !== null && writing.has(performedBy)) stopWriting(performedBy);
    set({ events: [...state.events, ...news], pending: state.pending.filter(({ id }) => !said.has(id)) });
  };
  const hear = (heard: HeardInSession) => {
    switch (heard.type) {
      case 'session':
        set({ you: heard.you, session: heard.session, error: null });
        if (isOver(heard.session, heard.you)) set({ link: 'over' });
        return;
      case 'events':
        add(heard.events);
        // The last that is heard of it.
        if (state.link === 'over') hangUp();
        return;
      case 'typing':
        clearTimeout(writing.get(heard.from));
        writing.set(
          heard.from,
          setTimeout(() => stopWriting(heard.from), writingMs),
        );
        return set({ typing: [...writing.keys()] });
      case 'signal':
        for (const listener of signalled) listener(heard.from, heard.signal);
        return;
      case 'refused':
        return set({
          pending: state.pending.map((one) => (one.id === heard.id ? { ...one, refused: heard.words } : one)),
        });
    }
  };

  const connect = async () => {
    hangUp();
    if (state.link === 'open') set({ link: 'connecting' });
    try {
      const found = await find(last);
      if (isClosed) return;
      if (found === null) return set({ link: 'over' });
      const { session, you } = found;
      if (isOver(session, you)) {
        add(found.events);
        return set({ session, you, link: 'over', error: null });
      }
      if (state.session === null) set({ session, you });
    } catch (error) {
      if (isClosed) return;
      const problem = error instanceof Error ? error : new Error(String(error));
      if (problem instanceof Problem && [401, 403, 404].includes(problem.status)) return set({ error: problem });
      if (state.session === null) set({ error: problem });
      return retry();
    }
    const own = new WebSocket(`${path}?after=${last}`);
    own.binaryType = 'arraybuffer';
    socket = own;
    own.onopen = () => {
      failures = 0;
      if (own !== socket) return;
      set({ link: 'open' });
      for (const { id, text, refused } of state.pending) if (refused === null) say({ type: 'chat', id, text });
    };
    own.onmessage = ({ data }) => {
      if (own !== socket) return;
      if (typeof data === 'string') return hear(JSON.parse(data));
      const from = new DataView(data).getUint32(0);
      const begins = new Uint8Array(data, 4, 1)[0] === 1;
      for (const listener of drawn) listener(from, begins, new Uint8Array(data, 5));
    };
    own.onclose = () => {
      if (own !== socket) return;
      socket = null;
      if (state.link !== 'over') retry();
    };
  };
  const retry = () => {
    set({ link: 'lost' });
    failures += 1;
    timer = setTimeout(() => void connect(), failures === 1 ? 0 : Math.min(10_000, 500 * 2 ** failures));
  };

  void connect();
  return {
    state: () => state,
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    say(text) {
      const id = crypto.randomUUID();
      wroteAt = 0;
      set({ pending: [...state.pending, { id, text, refused: null }] });
      say({ type: 'chat', id, text });
    },
    again(id) {
      const one = state.pending.find((pending) => pending.id === id);
      if (one === undefined) return;
      set({ pending: state.pending.map((pending) => (pending.id === id ? { ...pending, refused: null } : pending)) });
      say({ type: 'chat', id, text: one.text });
    },
    forget: (id) => set({ pending: state.pending.filter((pending) => pending.id !== id) }),
    write() {
      if (performance.now() - wroteAt < 2_000) return;
      wroteAt = performance.now();
      say({ type: 'typing' });
    },
    send: say,
    draw(part) {
      if (socket?.readyState === WebSocket.OPEN && socket.bufferedAmount < mostUnsent) socket.send(part);
    },
    onSignal(heard) {
      signalled.add(heard);
      return () => signalled.delete(heard);
    },
    onPart(listener) {
      drawn.add(listener);
      return () => drawn.delete(listener);
    },
    connect: () => void connect(),
    close() {
      isClosed = true;
      hangUp();
      for (const one of writing.values()) clearTimeout(one);
      listeners.clear();
    },
  };
};

const isOver = (session: LiveSession, you: number): boolean =>
  session.state === 'ended' || (session.participants.find(({ gsnumber }) => gsnumber === you)?.leftAt ?? null) !== null;
