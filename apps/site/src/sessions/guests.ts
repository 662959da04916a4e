import type { ServerSocket, SocketListener } from '@gatehouse/server';
import type { SessionMessage } from '../api/console.ts';
import type { PersonPrincipal } from './model.ts';
import { createPage, type Page } from './page.ts';
import { parseRequest } from './request.ts';

/** Somebody in the session of another person: sees the same terminal, and types in it. */
export interface Guest {
  readonly userId: number;
  readonly name: string;
  readonly principal: PersonPrincipal;
  /** Null: they may do nothing for as long as they like. */
  readonly idleMinutes: number | null;
}

/** How it stands with a guest. */
export interface Presence {
  readonly guest: Guest;
  /** Milliseconds since they did something. */
  readonly idleMs: number;
  /** Milliseconds since their page is gone; null: it is there. */
  readonly leftMs: number | null;
}

export interface Guests {
  list(): readonly Presence[];
  has(userId: number): boolean;
  admit(guest: Guest): void;
  /** Their page connects; null: they are no guest. */
  join(userId: number, socket: ServerSocket): SocketListener | null;
  tell(message: SessionMessage): void;
  /** Nobody waits for a guest: one who does not keep up is cut off, and comes back to what is shown then. */
  show(bytes: Buffer): void;
  warn(userId: number, endsInSeconds: number): void;
  /** False: they are no guest any more. */
  dismiss(userId: number, words: string): boolean;
  /** The session is over. */
  close(): void;
}

interface Seat {
  readonly guest: Guest;
  page: Page | null;
  leftAt: number | null;
  touchedAt: number;
}

interface GuestsOptions {
  /** Between two signs of life to a page. */
  readonly beatMs: number;
  /** What a page is told that connects. */
  greet(page: Page): void;
  type(guest: Guest, bytes: Buffer, socket: ServerSocket): void;
}

export const createGuests = ({ beatMs, greet, type }: GuestsOptions): Guests => {
  const seats = new Map<number, Seat>();
  const listen = (seat: Seat, own: Page, socket: ServerSocket): SocketListener => ({
    text(text) {
      // The window of the one whose session it is decides about the size.
      if (parseRequest(text) === null) return own.close(1008, 'This is no message of a session.');
      seat.touchedAt = performance.now();
    },
    bytes(bytes) {
      if (seat.page !== own) return;
      seat.touchedAt = performance.now();
      type(seat.guest, bytes, socket);
    },
    closed() {
      own.left();
      if (seat.page !== own) return;
      seat.page = null;
      seat.leftAt = performance.now();
    },
  });
  return {
    list: () =>
      [...seats.values()].map(({ guest, leftAt, touchedAt }) => ({
        guest,
        ...{ idleMs: performance.now() - touchedAt, leftMs: leftAt === null ? null : performance.now() - leftAt },
      })),
    has: (userId) => seats.has(userId),
    admit(guest) {
      const now = performance.now();
      seats.set(guest.userId, { guest, page: null, leftAt: now, touchedAt: now });
    },
    join(userId, socket) {
      const seat = seats.get(userId);
      if (seat === undefined) return null;
      seat.page?.tell({ type: 'taken' });
      seat.page?.close(4409, 'Another page took this session.');
      const own = createPage(socket, beatMs);
      Object.assign(seat, { page: own, leftAt: null, touchedAt: performance.now() });
      greet(own);
      return listen(seat, own, socket);
    },
    tell(message) {
      for (const { page } of seats.values()) page?.tell(message);
    },
    show(bytes) {
      for (const { page } of seats.values()) void page?.show(bytes);
    },
    warn: (userId, endsInSeconds) => seats.get(userId)?.page?.tell({ type: 'idle', endsInSeconds }),
    dismiss(userId, words) {
      const seat = seats.get(userId);
      if (!seats.delete(userId)) return false;
      seat?.page?.tell({ type: 'dismissed', words });
      seat?.page?.close(1000, 'You are in this session no longer.');
      return true;
    },
    close() {
      for (const { page } of seats.values()) page?.close(1000, 'The session is over.');
      seats.clear();
    },
  };
};
