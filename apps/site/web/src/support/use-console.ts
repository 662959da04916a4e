import { Problem, send, useRefresh } from '@gatehouse/ui';
import { useEffect, useState } from 'react';
import type { z } from 'zod';
import type { ConsoleAnswer, Status } from '../../../src/api/support.ts';

type Answer = z.output<typeof ConsoleAnswer>;

export interface ConsoleState {
  readonly answer: Answer | null;
  /** Why this console is not open. */
  readonly problem: Problem | null;
  set(status: z.output<typeof Status>): void;
  /** After somebody signed it out. */
  openAnew(): void;
}

const beatMs = 30_000;
const newId = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
/** Of this tab: it stays the same console when its page is loaded again. */
const place = 'gatehouse.console';

/** Says every half minute that this console is open, and asks for the queues whenever something changed in them. */
export const useConsole = (): ConsoleState => {
  const [id, setId] = useState(() => sessionStorage.getItem(place) ?? newId());
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const refresh = useRefresh();
  const beat = (body: object = {}) =>
    send<Answer>('PUT', `/api/support/consoles/${id}`, body).then(
      (now) => {
        setAnswer(now);
        setProblem(null);
      },
      (error) => {
        // A network that is away for a moment closes no console.
        if (error instanceof Problem && error.status !== 0) setProblem(error);
      },
    );
  useEffect(() => {
    sessionStorage.setItem(place, id);
    void beat();
    const timer = setInterval(() => void beat(), beatMs);
    return () => clearInterval(timer);
  }, [id]);
  useEffect(() => watchSupport(() => void refresh('/api/support')), []);
  return {
    answer,
    problem,
    set: (status) => void beat({ status }).then(() => refresh('/api/support')),
    openAnew() {
      setProblem(null);
      setId(newId());
    },
  };
};

/** Calls `changed` whenever queues or sessions changed, and when it may have missed that. Returns what ends it. */
const watchSupport = (changed: () => void): (() => void) => {
  let socket: WebSocket | null = null;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const connect = () => {
    const own = new WebSocket('/api/support/live');
    socket = own;
    own.onopen = () => {
      failures = 0;
      changed();
    };
    own.onmessage = changed;
    own.onclose = () => {
      if (own !== socket) return;
      failures += 1;
      timer = setTimeout(connect, Math.min(30_000, 500 * 2 ** failures));
    };
  };
  connect();
  return () => {
    clearTimeout(timer);
    const old = socket;
    socket = null;
    old?.close();
  };
};
